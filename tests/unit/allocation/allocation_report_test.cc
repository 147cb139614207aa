#include "oasis/allocation_report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::SolveOrDie;
using ::oasis::testing::TablesBuilder;
using ::oasis::testing::Unlimited;

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
  const GroupDelivery delivery =
      DeliveryBy(problem, allocation, &AllocationItem::licensor, problem.licensors.size());
  EXPECT_NEAR(delivery.slots[0], 30.0, 1e-3);
  EXPECT_NEAR(delivery.slots[1], 10.0, 1e-3);
  EXPECT_EQ(delivery.slots[2], 0.0);
  EXPECT_NEAR(delivery.least, 10.0, 1e-3);
  EXPECT_NEAR(delivery.gini, 0.25, 1e-4);  // (30 - 10) / (2 * 40)
}

}  // namespace
}  // namespace oasis
