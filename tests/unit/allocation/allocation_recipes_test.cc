#include "oasis/allocation_recipes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

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

PromotionRecipe RecipeWithCatalogue(uint64_t tracks) {
  PromotionRecipe recipe;
  recipe.edges = 20'000;
  for (uint64_t i = 0; i < tracks; ++i) {
    recipe.catalogue.push_back({testing::TrackKey(7 * i % tracks, i),
                                "artist " + std::to_string(i % 40), i % 3 == 0 ? "" : "jazz",
                                static_cast<double>(i % 101)});
  }
  return recipe;
}

TEST(PromotionRecipeTest, TakesItemsArtistsAndPoolsOfACatalogue) {
  for (const uint64_t tracks : {30, 500, 20'000}) {  // fewer than needed, about as many, more
    const PromotionRecipe recipe = RecipeWithCatalogue(tracks);
    OASIS_ASSERT_OK_AND_ASSIGN(const AllocationTables tables, MakePromotionTables(recipe));
    EXPECT_LE(tables.items.size(), tracks);
    EXPECT_GE(tables.items.size(), std::min<size_t>(tracks, 300));
    for (const AllocationItem& item : tables.items) {
      const uint64_t number = item.key.gid.lo;
      EXPECT_EQ(item.key.gid.hi, 7 * number % tracks);
      EXPECT_EQ(tables.artists[item.artist], "artist " + std::to_string(number % 40));
      EXPECT_EQ(item.pool == kNobody, number % 3 == 0);
    }
    const auto edges = static_cast<double>(tables.edges.item.size());
    EXPECT_GT(edges, tracks < 100 ? 5'000 : 14'000) << tracks;
    EXPECT_LT(edges, 28'000) << tracks;
    EXPECT_EQ(CheckTables(tables).count, 0);
  }
}

TEST(PromotionRecipeTest, PopularTracksHaveLargerOrganicShares) {
  const PromotionRecipe recipe = RecipeWithCatalogue(500);
  OASIS_ASSERT_OK_AND_ASSIGN(const AllocationTables tables, MakePromotionTables(recipe));
  double popular = 0.0, other = 0.0;
  for (size_t e = 0; e < tables.edges.item.size(); ++e) {
    const uint64_t popularity = tables.items[tables.edges.item[e]].key.gid.lo % 101;
    (popularity > 80 ? popular : other) += static_cast<double>(tables.edges.organic[e]);
  }
  EXPECT_GT(popular, other);
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
  recipe.tau = std::numeric_limits<double>::infinity();
  EXPECT_THAT(MakePromotionTables(recipe),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("tau is inf")));
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
