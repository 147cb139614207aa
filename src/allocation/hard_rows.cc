#include <cmath>

#include "allocation/dual_pass.h"
#include "oasis/allocation_report.h"

namespace oasis {

HardRows CountHardRows(const AllocationProblem& problem) {
  Team team(1);
  DualPass pass(problem, Regulariser::kEntropy, *BlockKernels().front(), team);
  SlotPrices free;
  free.constraint.resize(problem.constraints.size());
  free.guard.resize(problem.zones.size());
  DualPassResult found;
  pass.Run(free, false, found);
  HardRows rows;
  const auto count = [&rows](double activity, double bound) {
    ++rows.all;
    if (activity > bound) ++rows.active;
  };
  for (size_t i = 0; i < problem.constraints.size(); ++i) {
    const AllocationConstraint& row = problem.constraints[i];
    if (row.kind == ConstraintKind::kCap) count(found.activity[i], row.bound);
  }
  for (size_t z = 0; z < problem.zones.size(); ++z) {
    const double budget = problem.zones[z].satisfaction_budget;
    if (std::isfinite(budget)) count(found.guard_loss[z], budget);
  }
  return rows;
}

}  // namespace oasis
