// Problems so small that the answer can be written down, and those that are odd.
#include <gtest/gtest.h>

#include <cmath>

#include "oasis/allocation.h"
#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::FactsOf;
using ::oasis::testing::Plan;
using ::oasis::testing::PlanOf;
using ::oasis::testing::SolveOrDie;
using ::oasis::testing::TablesBuilder;
using ::oasis::testing::Unlimited;

// One context of 1000 slots, tau 1, one edge: organic share 0.1, value 0.5.
struct OneEdge : TablesBuilder {
  explicit OneEdge(double load_limit = 1.0) {
    Context(1000.0, load_limit);
    Item();
    Edge(0, 0, 0.1F, 0.5F);
  }
  // The share at a reduced value.
  static double Share(double reduced) {
    return 0.1 * std::exp(reduced) / (0.9 + 0.1 * std::exp(reduced));
  }
};

TEST(AllocationMicroTest, WithoutConstraintsSharesAreASoftmax) {
  const AllocationProblem problem = OneEdge().Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const Plan plan = PlanOf(problem, allocation);
  EXPECT_NEAR(plan.shares[0], OneEdge::Share(0.5), 1e-6);
  EXPECT_NEAR(plan.scores[0], 0.5, 1e-5);
  EXPECT_EQ(allocation.stop, StopReason::kGap);
  EXPECT_NEAR(allocation.certificate.primal, 1000.0 * std::log(0.9 + 0.1 * std::exp(0.5)), 1e-3);
}

TEST(AllocationMicroTest, ACapHasThePriceThatBringsSharesToIt) {
  OneEdge builder;
  builder.ItemRow("cap", ConstraintKind::kCap, 0, 50.0);
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const double price = 0.5 - std::log(0.05 / 0.95 * 0.9 / 0.1);
  EXPECT_NEAR(allocation.constraints[0].price, price, 1e-3);
  EXPECT_NEAR(allocation.constraints[0].activity, 50.0, 0.02);
  EXPECT_LE(FactsOf(problem, PlanOf(problem, allocation).shares).activity[0], 50.0);
}

TEST(AllocationMicroTest, AnImpossibleCommitmentHasItsCeilingAsPriceAndAnExactShortfall) {
  OneEdge builder;
  builder.ItemRow("minimum", ConstraintKind::kCommitment, 0, 5000.0, 2.0);
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const double share = OneEdge::Share(2.5);
  EXPECT_NEAR(allocation.constraints[0].price, 2.0, 1e-9);
  EXPECT_NEAR(allocation.constraints[0].activity, 1000.0 * share, 1e-2);
  EXPECT_NEAR(allocation.constraints[0].shortfall, 5000.0 - 1000.0 * share, 1e-2);
}

TEST(AllocationMicroTest, ACommitmentThatIsMetAnywayCostsNothing) {
  OneEdge builder;
  builder.ItemRow("minimum", ConstraintKind::kCommitment, 0, 10.0, 2.0);
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  EXPECT_EQ(allocation.constraints[0].price, 0.0);
  EXPECT_EQ(allocation.constraints[0].shortfall, 0.0);
}

TEST(AllocationMicroTest, TheLoadLimitIsKeptAndPriced) {
  const AllocationProblem problem = OneEdge(0.05).Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  EXPECT_NEAR(PlanOf(problem, allocation).shares[0], 0.05, 1e-6);
  EXPECT_LE(PlanOf(problem, allocation).shares[0], 0.05F);
  ForEachPlanBlock(problem, allocation, 1, [](const PlanBlock& block, int) {
    EXPECT_NEAR(static_cast<double>(block.reduced[0]) - block.load_price,
                std::log(0.05 / 0.95 * 0.9 / 0.1), 1e-5);
    EXPECT_NEAR(block.scores[0], std::log(0.05 / 0.95 * 0.9 / 0.1), 1e-5);
  });
}

TEST(AllocationMicroTest, NothingIsPromotedAtALoadLimitOfNothing) {
  const AllocationProblem problem = OneEdge(0.0).Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const Plan plan = PlanOf(problem, allocation);
  EXPECT_EQ(plan.shares[0], 0.0F);
  EXPECT_EQ(plan.scores[0], static_cast<float>(kLeastScore));
}

TEST(AllocationMicroTest, ACapOfNothingLeavesNothing) {
  OneEdge builder;
  builder.ItemRow("cap", ConstraintKind::kCap, 0, 0.0);
  const AllocationProblem problem = builder.Build();
  SolveOptions options;
  const Allocation allocation = SolveOrDie(problem, options);
  const Plan plan = PlanOf(problem, allocation);
  EXPECT_EQ(plan.shares[0], 0.0F);
  EXPECT_EQ(plan.scores[0], static_cast<float>(kLeastScore));
  EXPECT_EQ(allocation.constraints[0].activity, 0.0);
}

TEST(AllocationMicroTest, AGuardrailThatAllowsNoLossLeavesOutWhatHarms) {
  OneEdge builder;
  builder.Item();
  builder.Edge(0, 1, 0.1F, 0.5F, 0.9F);
  builder.tables.edges.satisfaction[0] = 0.1F;
  builder.tables.edges.value[0] = 1.0F;
  builder.tables.zones[0].satisfaction_budget = 0.0;
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const Plan plan = PlanOf(problem, allocation);
  const double loss = FactsOf(problem, plan.shares).guard_loss[0];
  EXPECT_LE(loss, 1e-9);
  EXPECT_GT(loss, -1.0);  // of what the better item makes good, nearly all is used
  EXPECT_GT(allocation.guards[0].price, 0.0);
  EXPECT_GT(plan.shares[0], 0.01F);
}

TEST(AllocationMicroTest, ItemsWithoutAnOrganicShareStayWithout) {
  OneEdge builder;
  builder.Item();
  builder.Edge(0, 1, 0.0F, 100.0F);
  const AllocationProblem problem = builder.Build();
  SolveOptions options = Unlimited();
  const Plan plan = PlanOf(problem, SolveOrDie(problem, options));
  EXPECT_EQ(plan.shares[1], 0.0F);
  EXPECT_NEAR(plan.shares[0], OneEdge::Share(0.5), 1e-6);
  EXPECT_TRUE(std::isfinite(plan.scores[1]));
}

TEST(AllocationMicroTest, ContextsWithoutSupplyOrEdgesChangeNothing) {
  OneEdge builder;
  builder.Context(0.0);
  builder.Context(1000.0);
  builder.Edge(1, 0, 0.1F, 0.5F);
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  EXPECT_NEAR(allocation.certificate.primal, 1000.0 * std::log(0.9 + 0.1 * std::exp(0.5)), 1e-3);
  EXPECT_NEAR(allocation.offer_slots[0], 1000.0 * OneEdge::Share(0.5), 1e-2);
}

TEST(AllocationMicroTest, AProblemOfNothingHasAPlanOfNothing) {
  const auto problem = AllocationProblem::Create({});
  ASSERT_TRUE(problem.ok());
  const Allocation allocation = SolveOrDie(*problem, {});
  EXPECT_EQ(allocation.certificate.primal, 0.0);
  EXPECT_TRUE(allocation.offer_slots.empty());
}

TEST(AllocationMicroTest, AMillionEdgesInOneContextKeepItsLoadLimit) {
  TablesBuilder builder;
  builder.Context(1e6, 0.2, 0.1);
  for (uint32_t i = 0; i < 1'000'000; ++i) {
    builder.Item();
    builder.Edge(0, i, 1e-7F, static_cast<float>(i % 1000) * 1e-3F);
  }
  builder.tables.constraints.push_back({"all", ConstraintKind::kCap, ConstraintScope::kAll, kNobody,
                                        "", "", ConstraintUnit::kSlots, 150'000.0, 0.0});
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited(1e-4));
  EXPECT_EQ(allocation.stop, StopReason::kGap);
  const testing::PlanFacts facts = FactsOf(problem, PlanOf(problem, allocation).shares);
  EXPECT_LE(testing::WorstViolation(problem, facts), 1e-9);
  EXPECT_GT(facts.activity[0], 149'000.0);
}

TEST(AllocationMicroTest, MaxMinFairnessLiftsTheLeastGroup) {
  for (const double weight : {1e-3, 1e5}) {
    OneEdge builder;
    builder.Item();
    builder.Edge(0, 1, 0.1F, -1.0F);
    builder.ItemRow("a", ConstraintKind::kMaxMinFairness, 0, 100.0);
    builder.ItemRow("b", ConstraintKind::kMaxMinFairness, 1, 100.0);
    builder.tables.max_min_weight = weight;
    const AllocationProblem problem = builder.Build();
    const Allocation allocation = SolveOrDie(problem, Unlimited(1e-5));
    const double a = allocation.constraints[0].activity, b = allocation.constraints[1].activity;
    if (weight < 1.0) {
      EXPECT_GT(a, 2.0 * b);
    } else {
      EXPECT_NEAR(a, b, 0.01 * a);
    }
    EXPECT_NEAR(allocation.constraints[0].price + allocation.constraints[1].price, weight,
                1e-9 * weight);
  }
}

TEST(AllocationMicroTest, LogarithmicFairnessPaysByWhatAGroupHasNot) {
  OneEdge builder;
  builder.ItemRow("group", ConstraintKind::kLogFairness, 0, 100.0, 500.0);
  const AllocationProblem problem = builder.Build();
  const Allocation allocation = SolveOrDie(problem, Unlimited());
  const double activity = allocation.constraints[0].activity;
  const double price = allocation.constraints[0].price;
  EXPECT_NEAR(price, 500.0 / (kFairnessFloor + activity), 0.01 * price);
  EXPECT_NEAR(activity, 10.0 * OneEdge::Share(0.5 + price / 100.0), 0.01 * activity);
}

}  // namespace
}  // namespace oasis
