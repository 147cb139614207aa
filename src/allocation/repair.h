// From prices to a plan that keeps every hard constraint, and what it is worth.
#ifndef OASIS_ALLOCATION_REPAIR_H_
#define OASIS_ALLOCATION_REPAIR_H_

#include <vector>

#include "allocation/dual_terms.h"
#include "allocation/plan_pass.h"
#include "oasis/allocation_problem.h"

namespace oasis {

struct RepairedPlan {
  PlanTerms terms;
  PlanSums sums;                 // of the repaired plan
  std::vector<double> activity;  // by constraint, likewise
  double worst_violation = 0.0;  // before, in parts of the bound
  double primal = 0.0;           // value - regulariser, with what constraints add
  double value = 0.0;            // without the regulariser
  int passes = 0;
};

// Shares only ever become less: each offer's by what the tightest of its hard constraints asks for,
// then those of items that harm satisfaction where a guardrail still asks for it. So what was
// repaired stays so; what commitments lose by it is their shortfall.
RepairedPlan Repair(const AllocationProblem& problem, const DualTerms& terms,
                    const SlotPrices& prices, double score_limit, PlanPass& pass);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_REPAIR_H_
