// Small problems, and what a plan really is, worked out again from its shares alone.
#ifndef OASIS_TESTS_UNIT_ALLOCATION_ALLOCATION_SUPPORT_H_
#define OASIS_TESTS_UNIT_ALLOCATION_ALLOCATION_SUPPORT_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"
#include "oasis/allocation_recipes.h"
#include "support/test_support.h"

namespace oasis::testing {

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

// One zone; contexts, items and edges to be added.
class TablesBuilder {
 public:
  TablesBuilder() { tables.zones.push_back({"radio", "SE", 1.0, 0.5, kNoLimit}); }

  uint32_t Context(double supply, double load_limit = 1.0, double tau = 1.0) {
    const auto place = static_cast<uint32_t>(tables.contexts.size());
    tables.contexts.push_back({0, "cohort-" + std::to_string(place), supply, load_limit, tau});
    return place;
  }

  uint32_t Item() {
    AllocationItem item;
    item.key = TrackKey(1, tables.items.size());
    tables.items.push_back(item);
    return static_cast<uint32_t>(tables.items.size()) - 1;
  }

  void Edge(uint32_t context, uint32_t item, float organic, float value,
            float satisfaction = 0.5F) {
    tables.edges.context.push_back(context);
    tables.edges.item.push_back(item);
    tables.edges.organic.push_back(organic);
    tables.edges.value.push_back(value);
    tables.edges.satisfaction.push_back(satisfaction);
  }

  void ItemRow(const std::string& name, ConstraintKind kind, uint32_t item, double bound,
               double price = 0.0) {
    tables.constraints.push_back(
        {name, kind, ConstraintScope::kItem, item, "", "", ConstraintUnit::kSlots, bound, price});
  }

  AllocationProblem Build() const {
    auto problem = AllocationProblem::Create(tables);
    EXPECT_TRUE(problem.ok()) << problem.status();
    return *std::move(problem);
  }

  AllocationTables tables;
};

inline SolveOptions Unlimited(double gap = 1e-6) {
  SolveOptions options;
  options.gap = gap;
  options.score_limit = kNoLimit;
  return options;
}

inline Allocation SolveOrDie(const AllocationProblem& problem, const SolveOptions& options) {
  auto allocation = Solve(problem, options);
  EXPECT_TRUE(allocation.ok()) << allocation.status();
  return *std::move(allocation);
}

struct Plan {
  std::vector<float> shares, scores;  // by edge
};

inline Plan PlanOf(const AllocationProblem& problem, const Allocation& allocation,
                   int threads = 1) {
  Plan plan;
  plan.shares.resize(static_cast<size_t>(problem.edges()));
  plan.scores.resize(plan.shares.size());
  ForEachPlanBlock(problem, allocation, threads, [&](const PlanBlock& block, int) {
    const auto first = static_cast<ptrdiff_t>(problem.contexts[block.context].first_edge);
    std::copy(block.shares.begin(), block.shares.end(), plan.shares.begin() + first);
    std::copy(block.scores.begin(), block.scores.end(), plan.scores.begin() + first);
  });
  return plan;
}

// What a plan comes to, by the definitions alone.
struct PlanFacts {
  double value = 0.0;       // of slots, without commitments
  double divergence = 0.0;  // supply * tau * KL
  double worst_load = 0.0;  // of sum of shares - load limit
  std::vector<double> activity;
  std::vector<double> guard_loss;
};

inline PlanFacts FactsOf(const AllocationProblem& problem, const std::vector<float>& shares) {
  PlanFacts facts;
  facts.activity.resize(problem.constraints.size());
  facts.guard_loss.resize(problem.zones.size());
  for (uint32_t c = 0; c < problem.context_count(); ++c) {
    const AllocationProblem::Context& context = problem.contexts[c];
    const auto first = static_cast<size_t>(context.first_edge);
    const auto end = static_cast<size_t>(problem.contexts[c + 1].first_edge);
    double total = 0.0, organic = 0.0, divergence = 0.0;
    for (size_t e = first; e < end; ++e) {
      const auto share = static_cast<double>(shares[e]);
      const auto own = static_cast<double>(problem.edge_organic[e]);
      total += share;
      organic += own;
      facts.value += context.supply * share * static_cast<double>(problem.edge_value[e]);
      if (share > 0.0) divergence += share * std::log(share / own);
      facts.guard_loss[context.zone] += context.supply * share *
                                        (problem.zones[context.zone].reference_satisfaction -
                                         problem.edge_satisfaction[e] / 65535.0);
      const uint32_t offer = problem.zone_ranges[context.zone].first_offer + problem.edge_offer[e];
      for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
           ++i) {
        const AllocationProblem::Entry& entry = problem.entries[i];
        facts.activity[entry.constraint] +=
            context.supply * share * static_cast<double>(entry.coefficient);
      }
    }
    divergence += (1.0 - total) * std::log((1.0 - total) / (1.0 - organic));
    facts.divergence += context.supply * context.tau * divergence;
    facts.worst_load = std::max(facts.worst_load, total - context.load_limit);
  }
  return facts;
}

// The most that a hard constraint is broken, in parts of its bound (of 0: in slots).
inline double WorstViolation(const AllocationProblem& problem, const PlanFacts& facts) {
  const auto over = [](double activity, double bound) {
    return (activity - bound) / (bound > 0.0 ? bound : 1.0);
  };
  double worst = facts.worst_load;
  for (size_t i = 0; i < problem.constraints.size(); ++i) {
    if (problem.constraints[i].kind != ConstraintKind::kCap) continue;
    worst = std::max(worst, over(facts.activity[i], problem.constraints[i].bound));
  }
  for (size_t z = 0; z < problem.zones.size(); ++z) {
    worst = std::max(worst, over(facts.guard_loss[z], problem.zones[z].satisfaction_budget));
  }
  return worst;
}

inline AllocationProblem MakeProblem(const PromotionRecipe& recipe) {
  auto tables = MakePromotionTables(recipe);
  EXPECT_TRUE(tables.ok()) << tables.status();
  auto problem = AllocationProblem::Create(*std::move(tables));
  EXPECT_TRUE(problem.ok()) << problem.status();
  return *std::move(problem);
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_ALLOCATION_ALLOCATION_SUPPORT_H_
