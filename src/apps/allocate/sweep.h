// A weight tried at several values: what one objective costs the others.
#ifndef OASIS_APPS_ALLOCATE_SWEEP_H_
#define OASIS_APPS_ALLOCATE_SWEEP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"

namespace oasis {

struct Sweep {
  std::string term;
  std::vector<double> weights;
};

// Solves the problem with each of the weights, each from the prices of the one before, and gives
// {"over", "points": [{"weight", "primal", "gap", "objectives"}]}. The problem has the weights it
// came with afterwards, whatever happens. NotFound for an unknown term. Where the options' progress
// says stop, the points are those that were finished.
absl::StatusOr<nlohmann::ordered_json> RunSweep(const Sweep& sweep, SolveOptions options,
                                                AllocationProblem& problem);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_SWEEP_H_
