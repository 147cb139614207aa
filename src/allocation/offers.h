// The offers of a problem, and which constraints count them.
#ifndef OASIS_ALLOCATION_OFFERS_H_
#define OASIS_ALLOCATION_OFFERS_H_

#include "absl/status/status.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// Finds the offers, by zone and item ascending, and their entries.
// REQUIRES: all else is in place, but edge_offer has items instead. ResourceExhausted where there
// are too many.
absl::Status MakeOffers(AllocationProblem& problem);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_OFFERS_H_
