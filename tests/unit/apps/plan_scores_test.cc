#include "apps/allocate/plan_scores.h"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "apps/allocate/response.h"
#include "oasis/allocation_recipes.h"
#include "oasis/allocation_report.h"
#include "oasis/limits.h"
#include "oasis/snapshot.h"
#include "support/snapshot_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

const absl::Time kMade = absl::FromUnixSeconds(1'750'000'000);

AllocationProblem Sample() {
  PromotionRecipe recipe;
  recipe.edges = 3'000;
  auto tables = MakePromotionTables(recipe);
  EXPECT_THAT(tables, IsOk());
  auto problem = AllocationProblem::Create(*std::move(tables));
  EXPECT_THAT(problem, IsOk());
  return *std::move(problem);
}

Allocation SolveOrDie(const AllocationProblem& problem) {
  SolveOptions options;
  options.gap = 1e-3;
  auto allocation = Solve(problem, options);
  EXPECT_THAT(allocation, IsOk());
  return *std::move(allocation);
}

class PlanScoresTest : public ::testing::Test {
 protected:
  PlanScoresTest() {
    options_.out = dir_ / "snapshot";
    options_.manifest.snapshot_id = "plan";
    options_.manifest.score_set = "discovery-mode";
    options_.manifest.variant = "control";
    options_.manifest.created = kMade;
    options_.manifest.producer = "a test";
    for (const std::string& name : problem_.campaigns) options_.campaigns.push_back({name, "acme"});
  }
  absl::StatusOr<WrittenScores> Write() {
    return WritePlanScores(problem_, allocation_, options_, NoProgress());
  }
  // The scores of each row that was written, by item and context.
  std::map<std::pair<ItemKey, ContextId>, std::vector<float>> Read(const Manifest& manifest) {
    std::map<std::pair<ItemKey, ContextId>, std::vector<float>> rows;
    const size_t signals = manifest.signals.size();
    EXPECT_THAT(
        ReadRows(
            options_.out, manifest,
            [&](const ItemRow& row) {
              for (size_t cell = 0; cell < row.contexts.size(); ++cell) {
                std::vector<float>& scores = rows[{row.key, row.contexts[cell]}];
                for (size_t s = 0; s < signals; ++s) {
                  scores.push_back(Dequantise(row.scores[cell * signals + s], manifest.signals[s]));
                }
                campaigns_[row.key] = row.campaigns[cell];
              }
              return absl::OkStatus();
            },
            NoProgress()),
        IsOk());
    return rows;
  }

  TempDir dir_;
  const AllocationProblem problem_ = Sample();
  const Allocation allocation_ = SolveOrDie(problem_);
  PlanScoresOptions options_;
  std::map<ItemKey, CampaignId> campaigns_;
};

TEST_F(PlanScoresTest, HoldTheScoreOfEveryEdgeAndTermsThatAddUpToIt) {
  OASIS_ASSERT_OK_AND_ASSIGN(const WrittenScores written, Write());
  const Manifest& manifest = written.manifest;
  ASSERT_THAT(VerifySnapshot(options_.out, NoProgress()), IsOk());
  ASSERT_EQ(manifest.signals.size(), 8u);
  EXPECT_EQ(manifest.signals[0].name, "promotion");
  EXPECT_EQ(manifest.signals[1].name, "promotion.value");
  const auto rows = Read(manifest);
  EXPECT_EQ(static_cast<int64_t>(rows.size()), problem_.edges());
  double steps = 0.0;
  for (const Signal& signal : manifest.signals) steps += static_cast<double>(signal.scale) / 32767;
  ForEachPlanBlock(problem_, allocation_, 1, [&](const PlanBlock& block, int) {
    const AllocationProblem::Context& context = problem_.contexts[block.context];
    for (size_t e = 0; e < block.scores.size(); ++e) {
      const uint32_t offer = problem_.zone_ranges[context.zone].first_offer +
                             problem_.edge_offer[static_cast<size_t>(context.first_edge) + e];
      const AllocationItem& item = problem_.items[problem_.offer_item[offer]];
      const auto row = rows.find({item.key, static_cast<ContextId>(block.context)});
      ASSERT_NE(row, rows.end());
      const std::vector<float>& scores = row->second;
      EXPECT_NEAR(scores[0], std::max(block.scores[e], kLeastWrittenScore),
                  manifest.signals[0].scale / 65534 +
                      std::numeric_limits<float>::epsilon() * std::abs(scores[0]));
      float sum = 0.0F;
      for (size_t s = 1; s < scores.size(); ++s) sum += scores[s];
      EXPECT_NEAR(static_cast<double>(sum), static_cast<double>(scores[0]), steps);
      EXPECT_EQ(campaigns_[item.key], item.campaign);
    }
  });
}

TEST_F(PlanScoresTest, NameAnyWhereTheProblemNamesNone) {
  AllocationProblem problem = problem_;
  for (std::string& cohort : problem.cohorts) {
    if (cohort == problem.cohorts.front()) cohort.clear();
  }
  OASIS_ASSERT_OK_AND_ASSIGN(const WrittenScores written,
                             WritePlanScores(problem, allocation_, options_, NoProgress()));
  EXPECT_EQ(written.manifest.contexts[0].cohort, "*");
}

TEST_F(PlanScoresTest, AreTheSameForAnyNumberOfThreads) {
  options_.threads = 1;
  OASIS_ASSERT_OK_AND_ASSIGN(const WrittenScores one, Write());
  const auto rows = Read(one.manifest);
  options_.threads = 3;
  options_.out = dir_ / "again";
  OASIS_ASSERT_OK_AND_ASSIGN(const WrittenScores three, Write());
  EXPECT_EQ(Read(three.manifest), rows);
  EXPECT_EQ(three.manifest.signals, one.manifest.signals);
  EXPECT_EQ(three.manifest.statistics, one.manifest.statistics);
}

TEST_F(PlanScoresTest, LeaveTheTermsOutWhenAsked) {
  options_.terms = false;
  OASIS_ASSERT_OK_AND_ASSIGN(const WrittenScores written, Write());
  EXPECT_EQ(written.manifest.signals.size(), 1u);
}

TEST_F(PlanScoresTest, LeaveNothingBehindWhenCancelled) {
  const auto written = WritePlanScores(problem_, allocation_, options_, [](int64_t, int64_t) {
    return absl::CancelledError("enough");
  });
  EXPECT_THAT(written, StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

TEST_F(PlanScoresTest, RefuseAPlanWithoutAnyRow) {
  auto problem = AllocationProblem::Create({});
  ASSERT_THAT(problem, IsOk());
  auto allocation = Solve(*problem, {});
  ASSERT_THAT(allocation, IsOk());
  EXPECT_THAT(WritePlanScores(*problem, *allocation, options_, NoProgress()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no scores to write")));
}

TEST(ResponseTest, IsNeutralAtZeroAndRisesWithTheShift) {
  for (const Response response : {Response::kLogit, Response::kMultiplier}) {
    EXPECT_EQ(ScoreFor(response, 0.0F, 0.3F), 0.0F);
    EXPECT_LT(ScoreFor(response, -1.0F, 0.3F), ScoreFor(response, 1.0F, 0.3F));
  }
  EXPECT_FLOAT_EQ(ScoreFor(Response::kMultiplier, std::log(1.5F), 0.3F), 0.5F);
  EXPECT_EQ(ScoreFor(Response::kShare, 1.0F, 0.3F), 0.3F);
  EXPECT_EQ(ScoreFor(Response::kLogit, -30.0F, 0.0F), kLeastWrittenScore);
}

}  // namespace
}  // namespace oasis::testing
