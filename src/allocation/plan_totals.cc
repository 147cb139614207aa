// Sums over a plan, context by context, so that their order does not depend on threads.
#include <algorithm>
#include <atomic>
#include <cmath>

#include "oasis/allocation_report.h"

namespace oasis {
namespace {

void Add(const TermTotal& from, TermTotal& to) {
  to.organic += from.organic;
  to.promoted += from.promoted;
}

double Excess(double amount, double limit) {
  return limit > 0.0 ? std::max(0.0, amount / limit - 1.0) : amount;
}

double WorstOfRows(const AllocationProblem& problem, const Allocation& allocation) {
  double worst = 0.0;
  for (size_t i = 0; i < problem.constraints.size(); ++i) {
    const AllocationConstraint& row = problem.constraints[i];
    if (row.kind != ConstraintKind::kCap) continue;
    worst = std::max(worst, Excess(allocation.constraints[i].activity, row.bound));
  }
  for (size_t z = 0; z < problem.zones.size(); ++z) {
    const double budget = problem.zones[z].satisfaction_budget;
    if (!std::isfinite(budget)) continue;
    worst = std::max(worst, Excess(std::max(0.0, allocation.guards[z].loss), budget));
  }
  return worst;
}

}  // namespace

PlanTotals TotalsOf(const AllocationProblem& problem, const Allocation& allocation, int threads) {
  const size_t columns = 2 + problem.terms.size();  // slots, value, and the terms
  std::vector<TermTotal> of_context(problem.context_count() * columns);
  std::atomic<int64_t> at_limit = 0;
  const double limit = allocation.score_limit;
  ForEachPlanBlock(problem, allocation, threads, [&](const PlanBlock& block, int /*thread*/) {
    const AllocationProblem::Context& context = problem.contexts[block.context];
    const auto first = static_cast<size_t>(context.first_edge);
    TermTotal* const totals = &of_context[block.context * columns];
    int64_t limited = 0;
    for (size_t i = 0; i < block.shares.size(); ++i) {
      const double organic = context.supply * static_cast<double>(problem.edge_organic[first + i]);
      const double promoted = context.supply * static_cast<double>(block.shares[i]);
      const auto add = [&](size_t column, double amount) {
        Add({organic * amount, promoted * amount}, totals[column]);
      };
      add(0, 1.0);
      add(1, static_cast<double>(problem.edge_value[first + i]));
      for (size_t t = 0; t < problem.terms.size(); ++t) {
        add(2 + t, static_cast<double>(problem.edge_terms[t][first + i]));
      }
      const double score = static_cast<double>(block.reduced[i]) - block.load_price;
      limited += block.shares[i] > 0.0F && std::abs(score) > limit ? 1 : 0;
    }
    at_limit += limited;
  });
  PlanTotals totals;
  totals.terms.resize(problem.terms.size());
  totals.at_limit = at_limit;
  totals.worst_violation = WorstOfRows(problem, allocation);
  for (size_t at = 0; at < of_context.size(); at += columns) {
    const AllocationProblem::Context& context = problem.contexts[at / columns];
    const double most = context.supply * context.load_limit;
    totals.worst_violation =
        std::max(totals.worst_violation, Excess(of_context[at].promoted, most));
    Add(of_context[at], totals.slots);
    Add(of_context[at + 1], totals.value);
    for (size_t t = 0; t < totals.terms.size(); ++t) Add(of_context[at + 2 + t], totals.terms[t]);
  }
  return totals;
}

std::vector<double> OrganicSlots(const AllocationProblem& problem) {
  std::vector<double> slots(problem.offers());
  for (uint32_t c = 0; c < problem.context_count(); ++c) {
    const AllocationProblem::Context& context = problem.contexts[c];
    const uint32_t first_offer = problem.zone_ranges[context.zone].first_offer;
    for (auto e = static_cast<size_t>(context.first_edge);
         e < static_cast<size_t>(problem.contexts[c + 1].first_edge); ++e) {
      slots[first_offer + problem.edge_offer[e]] +=
          context.supply * static_cast<double>(problem.edge_organic[e]);
    }
  }
  return slots;
}

}  // namespace oasis
