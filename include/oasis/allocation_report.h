// What people ask of a plan: why an item has its score, and who got how much.
#ifndef OASIS_ALLOCATION_REPORT_H_
#define OASIS_ALLOCATION_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// A score as a sum of terms, each in units of the score (value / tau).
struct ScoreTerms {
  double value = 0.0;
  double caps = 0.0;         // never positive: what caps that count the item charge for a slot
  double commitments = 0.0;  // never negative: what commitments pay for one
  double fairness = 0.0;     // likewise
  double guardrail = 0.0;    // positive for items above the reference satisfaction
  double load = 0.0;         // never positive: the price of the context's load limit
  double repair = 0.0;       // what the score limit and repair changed
  double score = 0.0;        // the sum of all above
};

// Of the edge at place `edge` in a block that ForEachPlanBlock has handed out.
ScoreTerms ExplainScore(const AllocationProblem& problem, const Allocation& allocation,
                        const PlanBlock& block, size_t edge);

// What a term of the value sums up to over all slots of the edges, in the term's unit.
struct TermTotal {
  double organic = 0.0;   // without promotion
  double promoted = 0.0;  // with the plan
};
struct PlanTotals {
  TermTotal slots;
  TermTotal value;               // of a slot, as weighted
  std::vector<TermTotal> terms;  // as in AllocationProblem::terms
  int64_t at_limit = 0;  // edges whose score would be further from 0 without the score limit
  // By how much the plan breaks a load limit, a cap or a guardrail, in parts of it. Rounding apart
  // it is 0 for what Solve has made.
  double worst_violation = 0.0;
};
// One pass; the same bytes for any number of threads.
PlanTotals TotalsOf(const AllocationProblem& problem, const Allocation& allocation, int threads);

// The slots that each offer gets without promotion; beside Allocation::offer_slots.
std::vector<double> OrganicSlots(const AllocationProblem& problem);

// How tight a problem is: its hard constraints, guardrails that have a budget included.
struct HardRows {
  int64_t all = 0;
  int64_t active = 0;  // that the best plan breaks when nothing has a price
};
// One pass.
HardRows CountHardRows(const AllocationProblem& problem);

// How slots are spread over groups of items.
struct GroupDelivery {
  std::vector<double> slots;      // by group, as in the names of the problem; 0 without edges
  std::vector<double> ascending;  // of groups with edges
  double gini = 0.0;              // of groups with edges: 0 all alike, near 1 one has it all
  double least = 0.0;             // likewise: of the group with the fewest
};
// `offer_slots` is Allocation::offer_slots or OrganicSlots; `member` one of AllocationItem's:
// &AllocationItem::licensor with problem.licensors.size().
GroupDelivery DeliveryBy(const AllocationProblem& problem, absl::Span<const double> offer_slots,
                         uint32_t AllocationItem::*member, size_t groups);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_REPORT_H_
