#include "oasis/allocation_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::SolveOrDie;
using ::oasis::testing::TablesBuilder;
using ::oasis::testing::Unlimited;
using ::testing::ElementsAre;

TEST(ScoreTermsTest, AddUpToTheScoreAndRepairIsLittleOfIt) {
  PromotionRecipe recipe;
  recipe.edges = 5'000;
  recipe.tau = 0.5;
  recipe.fairness = PromotionRecipe::Fairness::kLog;
  const AllocationProblem problem = testing::MakeProblem(recipe);
  const Allocation allocation = SolveOrDie(problem, Unlimited(1e-4));
  double promoted = 0.0, repaired = 0.0;
  int caps = 0, commitments = 0, fairness = 0, guardrails = 0, loads = 0;
  ForEachPlanBlock(problem, allocation, 1, [&](const PlanBlock& block, int) {
    for (size_t e = 0; e < block.shares.size(); ++e) {
      const ScoreTerms terms = ExplainScore(problem, allocation, block, e);
      EXPECT_NEAR(terms.value + terms.caps + terms.commitments + terms.fairness + terms.guardrail +
                      terms.load + terms.repair,
                  terms.score, 1e-9);
      EXPECT_LE(terms.caps, 0.0);
      EXPECT_GE(terms.commitments, 0.0);
      EXPECT_LE(terms.load, 0.0);
      caps += static_cast<int>(terms.caps < 0.0);
      commitments += static_cast<int>(terms.commitments > 0.0);
      fairness += static_cast<int>(terms.fairness > 0.0);
      guardrails += static_cast<int>(terms.guardrail != 0.0);
      loads += static_cast<int>(terms.load < 0.0);
      promoted += static_cast<double>(block.shares[e]);
      repaired += static_cast<double>(block.shares[e]) * std::abs(terms.repair);
    }
  });
  EXPECT_LT(repaired, 0.05 * promoted);
  EXPECT_GT(std::min({caps, commitments, fairness, guardrails, loads}), 0);
}

TEST(HardRowsTest, AreActiveWhereAPlanWithoutPricesBreaksThem) {
  TablesBuilder builder;
  builder.Context(100.0);
  for (uint32_t i = 0; i < 3; ++i) {
    builder.Item();
    builder.Edge(0, i, 0.1F, 0.0F, 0.4F);  // of no value: 10 slots each
  }
  builder.ItemRow("loose", ConstraintKind::kCap, 0, 11.0);
  builder.ItemRow("tight", ConstraintKind::kCap, 1, 9.0);
  builder.ItemRow("soft", ConstraintKind::kCommitment, 2, 50.0, 1.0);
  const HardRows without_budget = CountHardRows(builder.Build());
  EXPECT_EQ(without_budget.all, 2);
  EXPECT_EQ(without_budget.active, 1);
  builder.tables.zones[0].satisfaction_budget = 2.0;  // 30 slots, each 0.1 below
  const HardRows with_budget = CountHardRows(builder.Build());
  EXPECT_EQ(with_budget.all, 3);
  EXPECT_EQ(with_budget.active, 2);
}

TEST(GroupDeliveryTest, SumsSlotsAndTellsHowEvenTheyAre) {
  TablesBuilder builder;
  builder.Context(100.0);
  for (uint32_t i = 0; i < 4; ++i) {
    builder.Item();
    builder.Edge(0, i, 0.1F, 0.0F);
    builder.tables.items[i].licensor = i == 3 ? 1 : 0;
  }
  builder.tables.licensors = {"one", "two", "none"};
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const GroupDelivery delivery = DeliveryBy(problem, allocation.offer_slots,
                                            &AllocationItem::licensor, problem.licensors.size());
  EXPECT_THAT(delivery.ascending, ElementsAre(delivery.slots[1], delivery.slots[0]));
  EXPECT_NEAR(delivery.slots[0], 30.0, 1e-3);
  EXPECT_NEAR(delivery.slots[1], 10.0, 1e-3);
  EXPECT_EQ(delivery.slots[2], 0.0);
  EXPECT_NEAR(delivery.least, 10.0, 1e-3);
  EXPECT_NEAR(delivery.gini, 0.25, 1e-4);  // (30 - 10) / (2 * 40)
}

// Two items of equal organic share; revenue is what the first earns, growth what the second does.
AllocationTables TwoTerms() {
  TablesBuilder builder;
  builder.Context(100.0);
  for (uint32_t i = 0; i < 2; ++i) {
    builder.Item();
    builder.Edge(0, i, 0.1F, 0.0F);
  }
  builder.tables.edges.value.clear();
  builder.tables.terms = {{"revenue", 1.0}, {"growth", 0.5}};
  builder.tables.edges.terms = {{0.2F, 0.0F}, {0.0F, 0.2F}};
  return std::move(builder.tables);
}

TEST(PlanTotalsTest, TellWhatEachTermGotWithAndWithoutThePlan) {
  const auto problem = AllocationProblem::Create(TwoTerms());
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_FLOAT_EQ(problem->edge_value[0], 0.2F);
  EXPECT_FLOAT_EQ(problem->edge_value[1], 0.1F);
  const Allocation allocation = SolveOrDie(*problem, Unlimited());
  const PlanTotals totals = TotalsOf(*problem, allocation, 2);
  ASSERT_EQ(totals.terms.size(), 2u);
  EXPECT_NEAR(totals.slots.organic, 20.0, 1e-5);
  EXPECT_NEAR(totals.terms[0].organic, 2.0, 1e-5);
  EXPECT_NEAR(totals.terms[1].organic, 2.0, 1e-5);
  EXPECT_GT(totals.terms[0].promoted, totals.terms[1].promoted);
  EXPECT_NEAR(totals.terms[0].promoted, 0.2 * allocation.offer_slots[0], 1e-5);
  EXPECT_NEAR(totals.value.promoted, totals.terms[0].promoted + 0.5 * totals.terms[1].promoted,
              1e-5);
  const std::vector<double> organic = OrganicSlots(*problem);
  EXPECT_NEAR(organic[0], 10.0, 1e-5);
  EXPECT_NEAR(organic[1], 10.0, 1e-5);
}

TEST(PlanTotalsTest, AreTheSameForAnyNumberOfThreads) {
  const AllocationProblem problem = testing::MakeProblem({.edges = 5'000});
  const Allocation allocation = SolveOrDie(problem, Unlimited(1e-3));
  const PlanTotals one = TotalsOf(problem, allocation, 1), two = TotalsOf(problem, allocation, 2);
  EXPECT_EQ(one.slots.promoted, two.slots.promoted);
  EXPECT_EQ(one.value.promoted, two.value.promoted);
  EXPECT_EQ(one.at_limit, two.at_limit);
  EXPECT_LT(one.worst_violation, 1e-6);
}

TEST(PlanTotalsTest, CountTheScoresThatTheLimitChanged) {
  TablesBuilder builder;
  builder.Context(100.0, 1.0, 0.1);
  for (uint32_t i = 0; i < 3; ++i) builder.Item();
  builder.Edge(0, 0, 0.001F, 1.0F);   // would be some 10
  builder.Edge(0, 1, 0.001F, -1.0F);  // -10
  builder.Edge(0, 2, 0.001F, 0.01F);
  SolveOptions options = Unlimited();
  options.score_limit = 1.5;
  const AllocationProblem problem = builder.Build();
  EXPECT_EQ(TotalsOf(problem, SolveOrDie(problem, options), 1).at_limit, 2);
  EXPECT_EQ(TotalsOf(problem, SolveOrDie(problem, Unlimited()), 1).at_limit, 0);
}

TEST(ScoreTermsTest, AreFiniteWhereNothingMayBePromoted) {
  TablesBuilder builder;
  builder.Context(100.0, 0.0);
  builder.Item();
  builder.Edge(0, 0, 0.1F, 1.0F);
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  ForEachPlanBlock(problem, allocation, 1, [&](const PlanBlock& block, int) {
    const ScoreTerms terms = ExplainScore(problem, allocation, block, 0);
    EXPECT_TRUE(std::isfinite(terms.load)) << terms.load;
    EXPECT_NEAR(terms.value + terms.load + terms.repair, terms.score, 1e-9);
  });
}

TEST(PlanTotalsTest, FindThePlanThatBreaksALimit) {
  TablesBuilder builder;
  builder.Context(100.0, 0.2);
  builder.Item();
  builder.Edge(0, 0, 0.1F, 1.0F);
  builder.ItemRow("cap", ConstraintKind::kCap, 0, 15.0);
  const AllocationProblem problem = builder.Build();
  Allocation allocation = SolveOrDie(problem, Unlimited());
  EXPECT_LT(TotalsOf(problem, allocation, 1).worst_violation, 1e-6);
  allocation.constraints[0].activity = 18.0;
  EXPECT_NEAR(TotalsOf(problem, allocation, 1).worst_violation, 0.2, 1e-6);
  allocation.constraints[0].price = 0.0;  // the context's own limit is all that holds now
  allocation.offer_factor.assign(1, 1.0F);
  EXPECT_NEAR(TotalsOf(problem, allocation, 1).slots.promoted, 20.0, 1e-3);
}

TEST(ReweighTest, ChangesTheValueOfEdgesOrNothing) {
  auto problem = AllocationProblem::Create(TwoTerms());
  ASSERT_TRUE(problem.ok()) << problem.status();
  ASSERT_TRUE(problem->Reweigh({0.0, 3.0}).ok());
  EXPECT_EQ(problem->edge_value[0], 0.0F);
  EXPECT_FLOAT_EQ(problem->edge_value[1], 0.6F);
  EXPECT_EQ(problem->terms[1].weight, 3.0);
  const std::vector<float> before = problem->edge_value;
  EXPECT_EQ(problem->Reweigh({1.0, 1e30}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(problem->edge_value, before);
  EXPECT_EQ(problem->terms[1].weight, 3.0);
}

}  // namespace
}  // namespace oasis
