// Invented terms of the value of edges, so that there is something to weigh.
#ifndef OASIS_APPS_GENERATE_VALUE_TERMS_H_
#define OASIS_APPS_GENERATE_VALUE_TERMS_H_

#include <cstdint>

#include "oasis/allocation_problem.h"

namespace oasis {

// Splits the value of every edge into growth, revenue and reward, each with weight 1: their sum is
// the value, to the last digit or so of a float. Each item has shares of its own; those of a pool
// have more growth. The same seed gives the same shares.
void SplitValue(uint64_t seed, AllocationTables* tables);

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_VALUE_TERMS_H_
