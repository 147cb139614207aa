// What holds for every problem.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "allocation/generate/draw.h"
#include "oasis/allocation.h"
#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::FactsOf;
using ::oasis::testing::MakeProblem;
using ::oasis::testing::Plan;
using ::oasis::testing::PlanFacts;
using ::oasis::testing::PlanOf;
using ::oasis::testing::SolveOrDie;
using ::oasis::testing::StatusIs;
using ::oasis::testing::Unlimited;
using ::testing::HasSubstr;

PromotionRecipe Small(uint64_t seed, double tau = 0.2) {
  PromotionRecipe recipe;
  recipe.edges = 5'000;
  recipe.seed = seed;
  recipe.tau = tau;
  return recipe;
}

AllocationTables Shuffled(AllocationTables tables, uint64_t seed) {
  Draw draw(seed);
  const auto order = [&](size_t size) {
    std::vector<uint32_t> places(size);
    for (size_t i = 0; i < size; ++i) places[i] = static_cast<uint32_t>(i);
    for (size_t i = size; i > 1; --i) {
      std::swap(places[i - 1], places[draw.Below(static_cast<uint32_t>(i))]);
    }
    return places;  // the new place of each row
  };
  const auto move = [](auto rows, const std::vector<uint32_t>& places) {
    auto moved = rows;
    for (size_t i = 0; i < rows.size(); ++i) moved[places[i]] = rows[i];
    return moved;
  };
  const auto zones = order(tables.zones.size());
  const auto contexts = order(tables.contexts.size());
  const auto items = order(tables.items.size());
  const auto edges = order(tables.edges.context.size());
  for (AllocationContext& context : tables.contexts) context.zone = zones[context.zone];
  for (uint32_t& context : tables.edges.context) context = contexts[context];
  for (uint32_t& item : tables.edges.item) item = items[item];
  for (AllocationConstraint& row : tables.constraints) {
    if (row.scope == ConstraintScope::kItem) row.subject = items[row.subject];
  }
  tables.zones = move(tables.zones, zones);
  tables.contexts = move(tables.contexts, contexts);
  tables.items = move(tables.items, items);
  tables.edges.context = move(tables.edges.context, edges);
  tables.edges.item = move(tables.edges.item, edges);
  tables.edges.organic = move(tables.edges.organic, edges);
  tables.edges.value = move(tables.edges.value, edges);
  tables.edges.satisfaction = move(tables.edges.satisfaction, edges);
  tables.constraints = move(tables.constraints, order(tables.constraints.size()));
  return tables;
}

TEST(AllocationSolveTest, KeepsHardConstraintsAndCertifiesWhatThePlanIsWorth) {
  for (const uint64_t seed : {1, 2, 3, 4}) {
    const AllocationProblem problem = MakeProblem(Small(seed));
    SolveOptions options = Unlimited(1e-3);
    const Allocation allocation = SolveOrDie(problem, options);
    EXPECT_EQ(allocation.stop, StopReason::kGap);
    const PlanFacts facts = FactsOf(problem, PlanOf(problem, allocation).shares);
    EXPECT_LE(testing::WorstViolation(problem, facts), 1e-9);
    double short_of = 0.0;
    for (size_t i = 0; i < problem.constraints.size(); ++i) {
      const AllocationConstraint& row = problem.constraints[i];
      const ConstraintResult& result = allocation.constraints[i];
      EXPECT_NEAR(result.activity, facts.activity[i], 1e-6 * (1.0 + facts.activity[i]));
      if (row.kind != ConstraintKind::kCommitment) continue;
      EXPECT_NEAR(result.shortfall, std::max(0.0, row.bound - facts.activity[i]), 1e-6 * row.bound);
      short_of += row.price * result.shortfall;
    }
    const Certificate& certificate = allocation.certificate;
    EXPECT_NEAR(certificate.lp_primal, facts.value - short_of, 1e-6 * facts.value);
    EXPECT_NEAR(certificate.primal, facts.value - facts.divergence - short_of, 1e-5 * facts.value);
    EXPECT_GE(certificate.dual, certificate.primal);
    EXPECT_GE(certificate.lp_dual, certificate.lp_primal);
    EXPECT_LE(certificate.gap, 1e-3);
  }
}

TEST(AllocationSolveTest, NoPlanOfOneProblemBeatsItsDualFoundFromAnyPrices) {
  const AllocationProblem problem = MakeProblem(Small(5));
  SolveOptions good = Unlimited(1e-4);
  const double primal = SolveOrDie(problem, good).certificate.primal;
  for (const int passes : {1, 5, 10, 20}) {
    SolveOptions options = Unlimited(1e-12);
    options.max_passes = passes;
    const Allocation early = SolveOrDie(problem, options);
    EXPECT_EQ(early.stop, StopReason::kPasses);
    EXPECT_GE(early.certificate.dual, primal) << passes;
    EXPECT_LE(early.certificate.primal, primal * (1.0 + 1e-4)) << passes;
    const PlanFacts facts = FactsOf(problem, PlanOf(problem, early).shares);
    EXPECT_LE(testing::WorstViolation(problem, facts), 1e-9) << passes;
  }
}

TEST(AllocationSolveTest, TheSameBytesForAnyThreadsAndAnyOrderOfTheInput) {
  PromotionRecipe recipe = Small(6);
  recipe.edges = 150'000;  // threads are used from 65,536
  auto tables = MakePromotionTables(recipe);
  ASSERT_TRUE(tables.ok());
  const auto problem = AllocationProblem::Create(*tables);
  const auto shuffled = AllocationProblem::Create(Shuffled(*tables, 9));
  ASSERT_TRUE(problem.ok() && shuffled.ok()) << shuffled.status();
  SolveOptions options;
  options.max_passes = 60;
  options.threads = 1;
  const Allocation one = SolveOrDie(*problem, options);
  const Plan plan = PlanOf(*problem, one, 1);
  for (const int threads : {2, 3}) {
    options.threads = threads;
    const Allocation many = SolveOrDie(*shuffled, options);
    EXPECT_EQ(one.certificate.primal, many.certificate.primal);
    EXPECT_EQ(one.certificate.dual, many.certificate.dual);
    EXPECT_EQ(one.offer_slots, many.offer_slots);
    EXPECT_EQ(one.offer_factor, many.offer_factor);
    for (size_t i = 0; i < one.constraints.size(); ++i) {
      ASSERT_EQ(one.constraints[i].price, many.constraints[i].price) << i;
    }
    const Plan other = PlanOf(*shuffled, many, threads);
    EXPECT_EQ(plan.shares, other.shares);
    EXPECT_EQ(plan.scores, other.scores);
  }
}

TEST(AllocationSolveTest, ScoresAreWithinTheLimitAndMakeTheShares) {
  const AllocationProblem problem = MakeProblem(Small(7));
  SolveOptions options;
  options.gap = 1e-3;
  const Allocation allocation = SolveOrDie(problem, options);
  EXPECT_GT(allocation.certificate.primal, allocation.certificate.limited_primal);
  const Plan plan = PlanOf(problem, allocation);
  EXPECT_LE(testing::WorstViolation(problem, FactsOf(problem, plan.shares)), 1e-9);
  for (uint32_t c = 0; c < problem.context_count(); ++c) {
    const auto first = static_cast<size_t>(problem.contexts[c].first_edge);
    const auto end = static_cast<size_t>(problem.contexts[c + 1].first_edge);
    double all = problem.contexts[c].rest;
    for (size_t e = first; e < end; ++e) {
      ASSERT_LE(plan.scores[e], 1.5F + 1e-5F);
      all += static_cast<double>(problem.edge_organic[e]) *
             std::exp(static_cast<double>(plan.scores[e]));
    }
    for (size_t e = first; e < end; ++e) {
      const double share = static_cast<double>(problem.edge_organic[e]) *
                           std::exp(static_cast<double>(plan.scores[e])) / all;
      ASSERT_NEAR(plan.shares[e], share, 1e-5 * share + 1e-9);
    }
  }
}

TEST(AllocationSolveTest, ADearerCommitmentIsNotDeliveredLess) {
  auto tables = MakePromotionTables(Small(8));
  ASSERT_TRUE(tables.ok());
  double before = -1.0;
  for (const double price : {0.5, 1.0, 2.0, 4.0}) {
    for (AllocationConstraint& row : tables->constraints) {
      if (row.name == "new-artists-minimum") row.price = price, row.bound = 1e9;
    }
    const auto problem = AllocationProblem::Create(*tables);
    ASSERT_TRUE(problem.ok());
    SolveOptions options = Unlimited(1e-4);
    options.max_passes = 3000;
    const Allocation allocation = SolveOrDie(*problem, options);
    for (size_t i = 0; i < problem->constraints.size(); ++i) {
      if (problem->constraints[i].name != "new-artists-minimum") continue;
      EXPECT_GE(allocation.constraints[i].activity, before * 0.999);
      before = allocation.constraints[i].activity;
    }
  }
  EXPECT_GT(before, 0.0);
}

TEST(AllocationSolveTest, PricesOfTheSameProblemAreASolutionAtOnce) {
  const AllocationProblem problem = MakeProblem(Small(9));
  SolveOptions options = Unlimited(1e-3);
  const Allocation cold = SolveOrDie(problem, options);
  options.warm_start = cold.Prices(problem);
  options.warm_start.push_back({"a constraint of last month", 3.0});
  const Allocation warm = SolveOrDie(problem, options);
  EXPECT_EQ(warm.stop, StopReason::kGap);
  EXPECT_LE(warm.passes, 10);
  EXPECT_GT(cold.passes, 3 * warm.passes);
}

TEST(AllocationSolveTest, ACancelledSolveHasAPlan) {
  const AllocationProblem problem = MakeProblem(Small(10));
  for (const int after : {1, 10}) {
    SolveOptions options = Unlimited(1e-12);
    int calls = 0;
    options.progress = [&](const SolveProgress& progress) {
      EXPECT_GE(progress.passes, 1);
      return ++calls < after;
    };
    const Allocation allocation = SolveOrDie(problem, options);
    EXPECT_EQ(allocation.stop, StopReason::kCancelled);
    EXPECT_EQ(static_cast<int>(allocation.history.size()), after);
    const PlanFacts facts = FactsOf(problem, PlanOf(problem, allocation).shares);
    EXPECT_LE(testing::WorstViolation(problem, facts), 1e-9);
    EXPECT_GT(facts.value, 0.0);
  }
}

TEST(AllocationSolveTest, StopsAtItsTimeLimit) {
  const AllocationProblem problem = MakeProblem(Small(11));
  SolveOptions options = Unlimited(1e-12);
  options.time_limit = absl::Milliseconds(1);
  EXPECT_EQ(SolveOrDie(problem, options).stop, StopReason::kTime);
}

TEST(AllocationSolveTest, TheRidgeKeepsTheSameConstraints) {
  const AllocationProblem problem = MakeProblem(Small(12, 1.0));
  SolveOptions options = Unlimited(1e-2);
  options.regulariser = Regulariser::kRidge;
  const Allocation allocation = SolveOrDie(problem, options);
  EXPECT_EQ(allocation.stop, StopReason::kGap);
  const PlanFacts facts = FactsOf(problem, PlanOf(problem, allocation).shares);
  EXPECT_LE(testing::WorstViolation(problem, facts), 1e-9);
  EXPECT_GE(allocation.certificate.dual, allocation.certificate.primal);
}

TEST(AllocationSolveTest, RefusesOptionsOutOfRange) {
  const AllocationProblem problem = MakeProblem(Small(13));
  SolveOptions options;
  options.score_limit = 0.0;
  EXPECT_THAT(Solve(problem, options),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("score limit is 0")));
  options = {};
  options.threads = 0;
  EXPECT_THAT(Solve(problem, options),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("threads")));
  options = {};
  options.warm_start = {{"x", -1.0}};
  EXPECT_THAT(Solve(problem, options),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("price of 'x'")));
}

}  // namespace
}  // namespace oasis
