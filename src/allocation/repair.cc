#include "allocation/repair.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace oasis {
namespace {

// Shares and factors are floats: so much less than computed, no rounding goes over a bound.
constexpr double kShrinkMore = 1.0 - 4e-7;

// Of a bound of 0 any excess counts in slots.
double Violation(double activity, double bound) {
  return std::max(0.0, activity - bound) / (bound > 0.0 ? bound : 1.0);
}

class CapRepair {
 public:
  explicit CapRepair(const AllocationProblem& problem) : problem_(problem) {}

  // Factors of offers so that all caps hold, if their slots are these. Scope by scope, from items
  // up, so that what an item's own cap takes off is not taken off its artist again.
  std::vector<float> Factors(const std::vector<double>& slots) const {
    std::vector<float> factors(slots.size(), 1.0F);
    for (const ConstraintScope scope :
         {ConstraintScope::kItem, ConstraintScope::kCampaign, ConstraintScope::kArtist,
          ConstraintScope::kLicensor, ConstraintScope::kPool, ConstraintScope::kAll}) {
      ScaleDown(scope, slots, factors);
    }
    return factors;
  }

 private:
  void ScaleDown(ConstraintScope scope, const std::vector<double>& slots,
                 std::vector<float>& factors) const {
    std::vector<char> counts(problem_.constraints.size());
    bool any = false;
    for (size_t i = 0; i < counts.size(); ++i) {
      const AllocationConstraint& row = problem_.constraints[i];
      counts[i] = static_cast<char>(row.scope == scope && row.kind == ConstraintKind::kCap);
      any |= counts[i] != 0;
    }
    if (!any) return;
    std::vector<double> activity(counts.size());
    ForEach(counts, [&](size_t offer, const AllocationProblem::Entry& entry) {
      activity[entry.constraint] += static_cast<double>(entry.coefficient) * slots[offer] *
                                    static_cast<double>(factors[offer]);
    });
    std::vector<float> ratio(counts.size(), 1.0F);
    for (size_t i = 0; i < counts.size(); ++i) {
      const double bound = problem_.constraints[i].bound;
      if (counts[i] == 0 || activity[i] <= bound) continue;
      ratio[i] = static_cast<float>(bound / activity[i] * kShrinkMore);
    }
    std::vector<float> least(slots.size(), 1.0F);
    ForEach(counts, [&](size_t offer, const AllocationProblem::Entry& entry) {
      least[offer] = std::min(least[offer], ratio[entry.constraint]);
    });
    for (size_t offer = 0; offer < factors.size(); ++offer) factors[offer] *= least[offer];
  }

  template <typename Each>
  void ForEach(const std::vector<char>& counts, const Each& each) const {
    for (size_t offer = 0; offer < problem_.offers(); ++offer) {
      for (uint32_t i = problem_.offer_first_entry[offer];
           i < problem_.offer_first_entry[offer + 1]; ++i) {
        const AllocationProblem::Entry& entry = problem_.entries[i];
        if (counts[entry.constraint] != 0) each(offer, entry);
      }
    }
  }

  const AllocationProblem& problem_;
};

std::vector<double> ActivityOf(const AllocationProblem& problem, const std::vector<double>& slots) {
  std::vector<double> activity(problem.constraints.size());
  for (size_t offer = 0; offer < problem.offers(); ++offer) {
    for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
         ++i) {
      const AllocationProblem::Entry& entry = problem.entries[i];
      activity[entry.constraint] += static_cast<double>(entry.coefficient) * slots[offer];
    }
  }
  return activity;
}

double WorstViolation(const AllocationProblem& problem, const PlanSums& sums) {
  double worst = 0.0;
  const std::vector<double> activity = ActivityOf(problem, sums.slots);
  for (size_t i = 0; i < activity.size(); ++i) {
    if (problem.constraints[i].kind != ConstraintKind::kCap) continue;
    worst = std::max(worst, Violation(activity[i], problem.constraints[i].bound));
  }
  for (size_t z = 0; z < problem.zones.size(); ++z) {
    const double loss = sums.harm[z] - sums.benefit[z];
    worst = std::max(worst, Violation(loss, problem.zones[z].satisfaction_budget));
  }
  return worst;
}

// Factors of harm so that guardrails hold; empty where they do already.
std::vector<double> HarmFactors(const AllocationProblem& problem, const PlanSums& sums) {
  std::vector<double> factors(problem.zones.size(), 1.0);
  bool any = false;
  for (size_t z = 0; z < factors.size(); ++z) {
    const double allowed = problem.zones[z].satisfaction_budget + sums.benefit[z];
    if (sums.harm[z] <= allowed) continue;
    factors[z] = std::max(0.0, allowed / sums.harm[z] * kShrinkMore);
    any = true;
  }
  return any ? factors : std::vector<double>();
}

}  // namespace

RepairedPlan Repair(const AllocationProblem& problem, const DualTerms& terms,
                    const SlotPrices& prices, double score_limit, PlanPass& pass) {
  RepairedPlan plan;
  plan.terms.score_limit = score_limit;
  pass.Run(prices, plan.terms, nullptr, plan.sums);
  plan.worst_violation = WorstViolation(problem, plan.sums);
  plan.terms.offer_factor = CapRepair(problem).Factors(plan.sums.slots);
  pass.Run(prices, plan.terms, nullptr, plan.sums);
  plan.passes += 2;
  plan.terms.harm_factor = HarmFactors(problem, plan.sums);
  if (!plan.terms.harm_factor.empty()) {
    pass.Run(prices, plan.terms, nullptr, plan.sums);
    ++plan.passes;
  }
  plan.activity = ActivityOf(problem, plan.sums.slots);
  plan.value = plan.sums.value + terms.PlanValue(plan.activity);
  plan.primal = plan.value - plan.sums.regulariser;
  return plan;
}

}  // namespace oasis
