// How the columns of an AllocationProblem lie in memory.
#ifndef OASIS_ALLOCATION_PROBLEM_LAYOUT_H_
#define OASIS_ALLOCATION_PROBLEM_LAYOUT_H_

#include <cstddef>

namespace oasis {

inline constexpr size_t kEdgePadding = 8;  // elements after the last edge that may be read

}  // namespace oasis

#endif  // OASIS_ALLOCATION_PROBLEM_LAYOUT_H_
