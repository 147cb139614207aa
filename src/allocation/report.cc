#include <algorithm>
#include <cmath>

#include "oasis/allocation_report.h"

namespace oasis {

ScoreTerms ExplainScore(const AllocationProblem& problem, const Allocation& allocation,
                        const PlanBlock& block, size_t edge) {
  const AllocationProblem::Context& context = problem.contexts[block.context];
  const size_t at = static_cast<size_t>(context.first_edge) + edge;
  const uint32_t offer = problem.zone_ranges[context.zone].first_offer + problem.edge_offer[at];
  ScoreTerms terms;
  terms.value = static_cast<double>(problem.edge_value[at]) / context.tau;
  for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
       ++i) {
    const AllocationProblem::Entry& entry = problem.entries[i];
    const double price = allocation.constraints[entry.constraint].price *
                         static_cast<double>(entry.coefficient) / context.tau;
    switch (problem.constraints[entry.constraint].kind) {
      case ConstraintKind::kCap:
        terms.caps -= price;
        break;
      case ConstraintKind::kCommitment:
        terms.commitments += price;
        break;
      default:
        terms.fairness += price;
    }
  }
  const double below =
      problem.zones[context.zone].reference_satisfaction - problem.edge_satisfaction[at] / 65535.0;
  terms.guardrail = -allocation.guards[context.zone].price * below / context.tau;
  terms.score = static_cast<double>(block.scores[edge]);
  const double without_load =
      terms.value + terms.caps + terms.commitments + terms.fairness + terms.guardrail;
  if (std::isfinite(block.load_price)) {
    terms.load = -block.load_price;
    terms.repair = terms.score - (without_load + terms.load);
  } else {  // a load limit of 0: it alone makes the score
    terms.load = terms.score - without_load;
  }
  return terms;
}

GroupDelivery DeliveryBy(const AllocationProblem& problem, absl::Span<const double> offer_slots,
                         uint32_t AllocationItem::*member, size_t groups) {
  GroupDelivery delivery;
  delivery.slots.resize(groups);
  std::vector<char> has_edges(groups);
  for (uint32_t offer = 0; offer < problem.offers(); ++offer) {
    const uint32_t group = problem.items[problem.offer_item[offer]].*member;
    if (group == kNobody) continue;
    delivery.slots[group] += offer_slots[offer];
    has_edges[group] = 1;
  }
  std::vector<double>& ascending = delivery.ascending;
  for (size_t group = 0; group < groups; ++group) {
    if (has_edges[group] != 0) ascending.push_back(delivery.slots[group]);
  }
  if (ascending.empty()) return delivery;
  std::sort(ascending.begin(), ascending.end());
  delivery.least = ascending.front();
  double sum = 0.0, ranked = 0.0;
  for (size_t i = 0; i < ascending.size(); ++i) {
    sum += ascending[i];
    ranked += static_cast<double>(i + 1) * ascending[i];
  }
  const auto count = static_cast<double>(ascending.size());
  if (sum > 0.0) delivery.gini = 2.0 * ranked / (count * sum) - (count + 1.0) / count;
  return delivery;
}

}  // namespace oasis
