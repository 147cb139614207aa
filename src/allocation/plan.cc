// A plan made again from its prices.
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "allocation/dual_terms.h"
#include "allocation/plan_pass.h"
#include "allocation/team.h"
#include "oasis/allocation.h"

namespace oasis {

std::string GuardName(const Zone& zone) {
  return absl::StrCat("guardrail ", zone.surface, "/", zone.market);
}

std::vector<NamedPrice> Allocation::Prices(const AllocationProblem& problem) const {
  std::vector<NamedPrice> prices;
  for (size_t i = 0; i < constraints.size(); ++i) {
    prices.push_back({problem.constraints[i].name, constraints[i].price});
  }
  for (size_t z = 0; z < guards.size(); ++z) {
    prices.push_back({GuardName(problem.zones[z]), guards[z].price});
  }
  return prices;
}

void ForEachPlanBlock(const AllocationProblem& problem, const Allocation& allocation, int threads,
                      const std::function<void(const PlanBlock& block, int thread)>& visit) {
  Team team(threads);
  PlanPass pass(problem, allocation.regulariser, *BlockKernels().front(), team);
  std::vector<double> prices;
  for (const ConstraintResult& constraint : allocation.constraints) {
    prices.push_back(constraint.price);
  }
  for (const GuardResult& guard : allocation.guards) prices.push_back(guard.price);
  const PlanTerms terms = {allocation.score_limit, allocation.offer_factor, allocation.harm_factor};
  PlanSums sums;
  pass.Run(DualTerms(problem).ToSlotPrices(prices, 1.0), terms, visit, sums);
}

}  // namespace oasis
