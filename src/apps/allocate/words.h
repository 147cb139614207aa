// The words that reports have for what an allocation is made of.
#ifndef OASIS_APPS_ALLOCATE_WORDS_H_
#define OASIS_APPS_ALLOCATE_WORDS_H_

#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"

namespace oasis {

const char* StopWord(StopReason reason);               // "gap"
const char* RegulariserWord(Regulariser regulariser);  // "entropy"

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_WORDS_H_
