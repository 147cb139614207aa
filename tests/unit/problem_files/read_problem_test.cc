// What a directory of good tables becomes.
#include <cmath>
#include <limits>
#include <string>

#include "support/input_support.h"
#include "unit/problem_files/problem_dir.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::ProblemDirTest;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TrackUri;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(ProblemDirTest, ReadsTheTablesThatMustBeThere) {
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  const AllocationTables& tables = problem.tables;
  ASSERT_EQ(tables.contexts.size(), 2U);
  EXPECT_EQ(tables.zones[0].surface, "radio");
  EXPECT_EQ(tables.zones[0].market, "SE");
  EXPECT_EQ(tables.contexts[0].cohort, "new");
  EXPECT_EQ(tables.contexts[0].supply, 100);
  EXPECT_EQ(tables.zones[1].surface, "mix");
  ASSERT_EQ(tables.items.size(), 2U);
  EXPECT_EQ(FormatKey(tables.items[0].key), TrackUri(1));
  EXPECT_EQ(tables.artists[tables.items[0].artist], "Ada");
  EXPECT_EQ(tables.licensors[tables.items[0].licensor], "North");
  EXPECT_EQ(tables.campaigns[tables.items[0].campaign], "spring");
  EXPECT_EQ(tables.pools[tables.items[0].pool], "new-artists");
  EXPECT_EQ(tables.items[0].royalty_per_stream, 0.004F);
  EXPECT_THAT(tables.edges.context, ElementsAre(0, 0, 1));
  EXPECT_THAT(tables.edges.item, ElementsAre(0, 1, 0));
  EXPECT_THAT(tables.edges.organic, ElementsAre(0.25F, 0.125F, 0.0F));
  EXPECT_THAT(tables.edges.value, ElementsAre(1.0F, 2.0F, -3.0F));
  ASSERT_EQ(problem.campaigns.size(), 1U);
  EXPECT_EQ(problem.campaigns[0].name, "spring");
}

TEST_F(ProblemDirTest, WhatIsNotGivenIsAsDocumented) {
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  const AllocationTables& tables = problem.tables;
  EXPECT_EQ(tables.contexts[0].load_limit, 1.0);
  EXPECT_EQ(tables.contexts[0].tau, 0.02);
  EXPECT_EQ(tables.contexts[1].cohort, "");
  EXPECT_EQ(tables.zones[1].market, "");
  EXPECT_EQ(tables.zones[0].streams_per_slot, 1.0);
  EXPECT_EQ(tables.zones[0].reference_satisfaction, 0.0);
  EXPECT_EQ(tables.zones[0].satisfaction_budget, std::numeric_limits<double>::infinity());
  EXPECT_EQ(tables.items[1].artist, kNobody);
  EXPECT_EQ(tables.items[1].campaign, kNobody);
  EXPECT_EQ(tables.items[1].royalty_per_stream, 0.0F);
  EXPECT_THAT(tables.terms, IsEmpty());
  EXPECT_THAT(tables.constraints, IsEmpty());
}

TEST_F(ProblemDirTest, ZonesGiveWhatTheyKnowAndEdgesTheSatisfactionTheyLack) {
  Put("zones.csv",
      "surface,market,streams_per_slot,reference_satisfaction,satisfaction_budget\n"
      "mix,*,0.5,0.75,12\n");
  Put("edges.csv", absl::StrCat("item_uri,surface,market,cohort,organic,satisfaction,value\n",
                                TrackUri(1), ",mix,,*,0.25,,1\n", TrackUri(2),
                                ",mix,,*,0.25,0.5,1\n", TrackUri(2), ",radio,SE,new,0,,1\n"));
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  EXPECT_EQ(problem.tables.zones[0].surface, "mix");
  EXPECT_EQ(problem.tables.zones[0].streams_per_slot, 0.5);
  EXPECT_EQ(problem.tables.zones[0].satisfaction_budget, 12);
  EXPECT_EQ(problem.tables.zones[1].surface, "radio");
  EXPECT_THAT(problem.tables.edges.satisfaction,
              ElementsAre(FloatNear(0.75F, 3e-5F), 0.5F, FloatNear(0.0F, 3e-5F)));
  // What is as good as the reference is no harm, in the steps that are kept.
  EXPECT_GE(std::floor(problem.tables.edges.satisfaction[0] * 65535.0F), 0.75F * 65535.0F);
}

TEST_F(ProblemDirTest, ReadsEveryKindOfConstraint) {
  PutConstraints(absl::StrCat(
      "a,cap,item,", TrackUri(2), ",,,slots,10,\nb,commitment,artist,Ada,radio,,streams,20,1.5\n",
      "c,log_fairness,licensor,North,*,SE,royalty,30,2\nd,max_min_fairness,campaign,spring,,,,40,"
      "7\n",
      "e,max_min_fairness,pool,new-artists,mix,*,slots,50,7\nf,cap,all,,,,slots,60,\n"));
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  const std::vector<AllocationConstraint>& rows = problem.tables.constraints;
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0].scope, ConstraintScope::kItem);
  EXPECT_EQ(rows[0].subject, 1U);
  EXPECT_EQ(rows[1].kind, ConstraintKind::kCommitment);
  EXPECT_EQ(rows[1].unit, ConstraintUnit::kStreams);
  EXPECT_EQ(rows[1].price, 1.5);
  EXPECT_EQ(rows[1].surface, "radio");
  EXPECT_EQ(rows[2].kind, ConstraintKind::kLogFairness);
  EXPECT_EQ(rows[2].unit, ConstraintUnit::kRoyalty);
  EXPECT_EQ(rows[2].surface, "");
  EXPECT_EQ(rows[2].market, "SE");
  EXPECT_EQ(rows[3].scope, ConstraintScope::kCampaign);
  EXPECT_EQ(rows[3].bound, 40);
  EXPECT_EQ(rows[4].market, "");
  EXPECT_EQ(rows[5].subject, kNobody);
  EXPECT_EQ(problem.tables.max_min_weight, 7.0);
}

TEST_F(ProblemDirTest, ColumnsThatAreNoOthersAreTermsOfTheValue) {
  Put("edges.csv", absl::StrCat("growth,item_uri,surface,market,cohort,organic,revenue\n0.5,",
                                TrackUri(1), ",mix,,,0.25,2\n"));
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles plain, Read());
  ASSERT_EQ(plain.tables.terms.size(), 2U);
  EXPECT_EQ(plain.tables.terms[0].name, "growth");
  EXPECT_EQ(plain.tables.terms[0].weight, 1.0);
  EXPECT_THAT(plain.tables.edges.terms, ElementsAre(ElementsAre(0.5F), ElementsAre(2.0F)));
  EXPECT_THAT(plain.tables.edges.value, IsEmpty());

  Put("terms.csv", "term,weight\nrevenue,0.25\ngrowth,\n");
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles weighted, Read());
  EXPECT_EQ(weighted.tables.terms[0].name, "revenue");
  EXPECT_EQ(weighted.tables.terms[0].weight, 0.25);
  EXPECT_EQ(weighted.tables.terms[1].weight, 1.0);
  EXPECT_THAT(weighted.tables.edges.terms, ElementsAre(ElementsAre(2.0F), ElementsAre(0.5F)));
}

TEST_F(ProblemDirTest, CampaignsAreThoseOfTheirTableInItsOrder) {
  Put("campaigns.csv",
      "campaign,licensor,starts_at,ends_at\nautumn,South,,\nspring,North,2026-03-01,2026-06-01\n");
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  EXPECT_THAT(problem.tables.campaigns, ElementsAre("autumn", "spring"));
  EXPECT_EQ(problem.tables.items[0].campaign, 1U);
  EXPECT_EQ(problem.campaigns[1].licensor, "North");
  EXPECT_EQ(absl::ToUnixSeconds(problem.campaigns[1].starts_at), 1'772'323'200);
}

TEST_F(ProblemDirTest, ReadsJsonLinesAndCompressedTables) {
  Remove("contexts.csv");
  Remove("items.csv");
  Remove("edges.csv");
  Put("contexts.jsonl", R"({"surface":"radio","market":"SE","supply":100})"
                        "\n"
                        R"({"surface":"mix","supply":50,"cohort":"new","tau":0.5})"
                        "\n");
  Put("items.jsonl.gz", testing::Gzip(absl::StrCat(R"({"item_uri":")", TrackUri(1), "\"}\n")));
  Put("edges.jsonl.zst",
      testing::Zstd(absl::StrCat(R"({"item_uri":")", TrackUri(1),
                                 R"(","surface":"mix","cohort":"new","organic":0.5,"value":3})",
                                 "\n", R"({"item_uri":")", TrackUri(1),
                                 R"(","surface":"radio","market":"SE","organic":0.25,"value":4,)",
                                 R"("satisfaction":null})", "\n")));
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  EXPECT_EQ(problem.tables.contexts[1].tau, 0.5);
  EXPECT_THAT(problem.tables.edges.context, ElementsAre(1, 0));
  EXPECT_THAT(problem.tables.edges.value, ElementsAre(3.0F, 4.0F));
}

TEST_F(ProblemDirTest, EdgesMayLieInSeveralFilesEachWithItsOwnOrderOfColumns) {
  Remove("edges.csv");
  Put("edges-2.csv.gz",
      testing::Gzip(absl::StrCat("value,organic,surface,item_uri\n7,0.5,mix,", TrackUri(2), "\n")));
  Put("edges-1.csv",
      absl::StrCat("item_uri,surface,organic,value\n", TrackUri(1), ",mix,0.25,6\n"));
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, Read());
  EXPECT_THAT(problem.tables.edges.value, ElementsAre(6.0F, 7.0F));
  EXPECT_THAT(problem.tables.edges.item, ElementsAre(0, 1));
}

TEST_F(ProblemDirTest, PassesOverFilesThatAreNoTables) {
  Put("README.md", "what this is");
  Put("prices.csv", "of an earlier solution");
  EXPECT_THAT(Read(), IsOk());
}

TEST_F(ProblemDirTest, ProgressReachesItsTotalAndCanEndTheReading) {
  int64_t last = 0, total = 0;
  EXPECT_THAT(ReadProblem(dir_.path(),
                          [&](int64_t done, int64_t of) {
                            EXPECT_GE(done, last);
                            last = done, total = of;
                            return absl::OkStatus();
                          }),
              IsOk());
  EXPECT_EQ(last, total);
  EXPECT_GT(total, 0);
  EXPECT_THAT(
      ReadProblem(dir_.path(), [](int64_t, int64_t) { return absl::CancelledError("enough"); }),
      StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
}

TEST_F(ProblemDirTest, ADirectoryThatIsNotThereIsNamed) {
  EXPECT_THAT(ReadProblem(dir_ / "nothing", nullptr),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nothing")));
}

TEST_F(ProblemDirTest, ATruncatedTableEndsTheReading) {
  Remove("edges.csv");
  const std::string whole = testing::Gzip("item_uri,surface,organic,value\n");
  Put("edges.csv.gz", whole.substr(0, whole.size() - 9));
  EXPECT_THAT(Read(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("edges.csv.gz")));
}

}  // namespace
}  // namespace oasis
