#include "oasis/allocation_recipes.h"

#include <gtest/gtest.h>

#include "support/test_support.h"
#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::MakeProblem;
using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

TEST(PromotionRecipeTest, MakesAboutAsManyEdgesAsAskedFor) {
  for (const int64_t edges : {300, 3'000, 30'000, 300'000}) {
    PromotionRecipe recipe;
    recipe.edges = edges;
    const AllocationProblem problem = MakeProblem(recipe);
    EXPECT_GT(problem.edges(), edges * 7 / 10) << edges;
    EXPECT_LT(problem.edges(), edges * 14 / 10) << edges;
  }
}

TEST(PromotionRecipeTest, TheSameSeedMakesTheSameProblem) {
  PromotionRecipe recipe;
  recipe.edges = 5'000;
  const AllocationProblem first = MakeProblem(recipe);
  const AllocationProblem again = MakeProblem(recipe);
  recipe.seed = 2;
  const AllocationProblem other = MakeProblem(recipe);
  EXPECT_EQ(first.edge_value, again.edge_value);
  EXPECT_EQ(first.edge_organic, again.edge_organic);
  EXPECT_EQ(first.edge_offer, again.edge_offer);
  EXPECT_NE(first.edge_value, other.edge_value);
}

TEST(PromotionRecipeTest, TightnessDecidesHowManyCapsBind) {
  const auto binding = [](double tightness) {
    PromotionRecipe recipe;
    recipe.edges = 10'000;
    recipe.tightness = tightness;
    recipe.tau = 0.1;
    const AllocationProblem problem = MakeProblem(recipe);
    SolveOptions options = testing::Unlimited(1e-3);
    const Allocation allocation = testing::SolveOrDie(problem, options);
    int count = 0;
    for (size_t i = 0; i < problem.constraints.size(); ++i) {
      const AllocationConstraint& row = problem.constraints[i];
      if (row.kind != ConstraintKind::kCap) continue;
      if (allocation.constraints[i].activity > 0.99 * row.bound) ++count;
    }
    return static_cast<double>(count) / static_cast<double>(problem.constraints.size());
  };
  const double loose = binding(0.2);
  const double tight = binding(1.0);
  EXPECT_LT(loose, 0.2);
  EXPECT_GT(tight, loose + 0.2);
}

TEST(PromotionRecipeTest, RefusesWhatIsOutOfRange) {
  PromotionRecipe recipe;
  recipe.edges = 10;
  EXPECT_THAT(MakePromotionTables(recipe),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("edges is 10")));
  recipe = {};
  recipe.tightness = 0.0;
  EXPECT_THAT(MakePromotionTables(recipe),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("tightness")));
  recipe = {};
  recipe.load_limit = 2.0;
  EXPECT_THAT(MakePromotionTables(recipe),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("load limit")));
}

TEST(MatchingRecipeTest, MakesSourcesOfOneSlotAndACapForEachDestination) {
  MatchingRecipe recipe;
  recipe.sources = 1'000;
  recipe.destinations = 50;
  auto tables = MakeMatchingTables(recipe);
  ASSERT_TRUE(tables.ok()) << tables.status();
  const auto problem = AllocationProblem::Create(*std::move(tables));
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->context_count(), 1'000u);
  EXPECT_EQ(problem->constraints.size(), 50u);
  EXPECT_EQ(problem->supply(), 1'000.0);
  EXPECT_GT(problem->edges(), 4'000);
  EXPECT_LT(problem->edges(), 15'000);
}

}  // namespace
}  // namespace oasis
