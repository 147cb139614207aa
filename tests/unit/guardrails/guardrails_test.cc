// Every check: it passes below its thresholds, warns at the first and blocks at the second.
#include "oasis/guardrails.h"

#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "unit/guardrails/judged.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

TEST(GuardrailsTest, TheSameSnapshotPassesEveryCheckByItsDefaults) {
  GuardrailPolicy policy;
  policy.min_rows = 10;
  const GuardrailReport report = Compare(Plain(), Plain(), policy);
  EXPECT_EQ(report.verdict, Verdict::kPass) << GuardrailText(report);
  std::set<Check> seen;
  for (const Finding& finding : report.findings) {
    EXPECT_EQ(finding.verdict, Verdict::kPass) << GuardrailText(report);
    seen.insert(finding.check);
  }
  EXPECT_EQ(seen.size(), kChecks - 6);  // all but sentinels, replays, gates and ids
}

TEST(GuardrailsTest, JudgesTheChangeOfItemsAndRowsEitherWay) {
  TestTable fewer = Plain();
  std::erase_if(fewer.rows, [](const TestRow& row) { return row.item.gid.lo < 25; });
  ExpectJudged(Check::kItems, 0.25, fewer);
  ExpectJudged(Check::kRows, 0.25, fewer);
  ExpectJudged(Check::kItems, 25.0 / 75, Plain(), fewer);
  const Finding rows = ExpectJudged(Check::kRows, 25.0 / 75, Plain(), fewer);
  EXPECT_EQ(rows.live, 150);
  EXPECT_EQ(rows.candidate, 200);
}

TEST(GuardrailsTest, JudgesItemsAddedAndRemovedTogether) {
  TestTable other = Plain();
  for (TestRow& row : other.rows) row.item.gid.hi += row.item.gid.lo < 10 ? 1 : 0;
  const Finding finding = ExpectJudged(Check::kItemChurn, 0.2, other);
  EXPECT_EQ(finding.detail, "10 added, 10 removed");
}

TEST(GuardrailsTest, JudgesRowsLostBySurfaceMarketAndLicensor) {
  TestTable fewer = Plain();
  std::erase_if(fewer.rows,
                [](const TestRow& row) { return IsOn(row, "mix") && row.item.gid.lo < 40; });
  EXPECT_EQ(ExpectJudged(Check::kSurfaceRows, 0.4, fewer).scope, "surface mix");
  EXPECT_EQ(ExpectJudged(Check::kMarketRows, 0.4, fewer).scope, "market SE");
  EXPECT_EQ(ExpectJudged(Check::kLicensorRows, 0.4, fewer).scope, "licensor umbrella");
  const GuardrailReport grown = Compare(Plain(), fewer, PolicyOf(Check::kSurfaceRows, 0.01, 0.02));
  EXPECT_EQ(grown.verdict, Verdict::kPass);
}

TEST(GuardrailsTest, RowsWithoutACampaignAreALicensorOfTheirOwn) {
  TestTable unpaid = Plain();
  for (TestRow& row : unpaid.rows) row.campaign = kNoCampaign;
  TestTable fewer = unpaid;
  std::erase_if(fewer.rows, [](const TestRow& row) { return row.item.gid.lo < 30; });
  EXPECT_EQ(ExpectJudged(Check::kLicensorRows, 0.3, fewer, unpaid).scope, "no licensor");
}

TEST(GuardrailsTest, JudgesAnIdOfAnotherSnapshot) {
  const auto table = BuildTable(Plain());
  const auto judge = [&](std::optional<bool> reuses_id) {
    return CheckGuardrails(*table, nullptr, PolicyOf(Check::kReusedId, 1, 1),
                           {.now = kMade, .reuses_id = reuses_id});
  };
  EXPECT_TRUE(judge(std::nullopt)->findings.empty());
  EXPECT_EQ(judge(false)->verdict, Verdict::kPass);
  EXPECT_EQ(judge(true)->verdict, Verdict::kBlock);
  EXPECT_THAT(judge(true)->findings.at(0).detail, HasSubstr("build it under another id"));
}

TEST(GuardrailsTest, DoesNotJudgeSlicesWithFewRows) {
  TestTable fewer = Plain();
  std::erase_if(fewer.rows, [](const TestRow& row) { return IsOn(row, "mix"); });
  GuardrailPolicy policy = PolicyOf(Check::kSurfaceRows, 0.1, 0.2);
  policy.min_rows = 101;
  EXPECT_EQ(Compare(fewer, Plain(), policy).verdict, Verdict::kPass);
  policy.min_rows = 100;
  EXPECT_EQ(Compare(fewer, Plain(), policy).verdict, Verdict::kBlock);
  policy[Check::kVanishedContexts] = {1, 1};
  policy[Check::kSurfaceRows] = {};
  EXPECT_EQ(Compare(fewer, Plain(), policy).verdict, Verdict::kBlock);
  policy.min_rows = 101;
  EXPECT_EQ(Compare(fewer, Plain(), policy).verdict, Verdict::kPass);
}

TEST(GuardrailsTest, JudgesContextsThatAreGoneOrNew) {
  TestTable without = Plain();
  std::erase_if(without.rows, [](const TestRow& row) { return IsOn(row, "mix"); });
  EXPECT_EQ(ExpectJudged(Check::kVanishedContexts, 1, without).detail, "mix/SE/*");
  EXPECT_EQ(ExpectJudged(Check::kNewContexts, 1, Plain(), without).detail, "mix/SE/*");
}

TEST(GuardrailsTest, JudgesSignalsThatAreGone) {
  TestTable live = Plain();
  live.signals.push_back({"reward", 1.0F});
  for (TestRow& row : live.rows) row.scores.push_back(0.5F);
  EXPECT_EQ(ExpectJudged(Check::kVanishedSignals, 1, Plain(), live).detail, "reward");
  EXPECT_EQ(Compare(live, Plain(), GuardrailPolicy()).verdict, Verdict::kPass);
}

TEST(GuardrailsTest, JudgesTheLargestScoreAloneAndByTheLiveOne) {
  TestTable larger = Plain();
  larger.signals[0].scale = 4;
  larger.rows[0].scores[0] = -2.5F;
  ExpectJudged(Check::kScoreGrowth, 2.5, larger);
  ExpectJudged(Check::kLargestPromotion, 2.5, larger);
  ExpectJudged(Check::kLargestPromotion, 2.5, larger, std::nullopt);
}

TEST(GuardrailsTest, JudgesZerosBySurfaceWithAndWithoutALiveTable) {
  TestTable zeros = Plain();
  for (TestRow& row : zeros.rows) {
    if (IsOn(row, "mix") && row.item.gid.lo < 60) row.scores[0] = 0;
  }
  const Finding finding = ExpectJudged(Check::kZeros, 0.6, zeros);
  EXPECT_EQ(finding.scope, "surface mix");
  EXPECT_EQ(finding.signal, "promotion");
  EXPECT_EQ(finding.live, 0);
  EXPECT_EQ(ExpectJudged(Check::kZeros, 0.6, zeros, std::nullopt).live, std::nullopt);
}

// Half of the rows at .25 and half at .75 become 30 % and 70 %: see drift_test. The scale is
// another in every snapshot.
TEST(GuardrailsTest, JudgesDriftBySurfaceWhateverTheScale) {
  const auto two_scores = [](float scale, uint64_t low) {
    TestTable table = Plain();
    table.signals[0].scale = scale;
    for (TestRow& row : table.rows) row.scores[0] = row.item.gid.lo < low ? 0.25F : 0.75F;
    return table;
  };
  const TestTable live = two_scores(0.8F, 50);
  TestTable candidate = two_scores(3.1F, 30);
  const Finding psi = ExpectJudged(Check::kPsi, 0.16946, candidate, live);
  EXPECT_NEAR(*psi.live, 0.5, 1e-3);
  EXPECT_NEAR(*psi.candidate, 0.6, 1e-3);
  ExpectJudged(Check::kKs, 0.2, candidate, live);
  for (TestRow& row : candidate.rows) {
    if (IsOn(row, "radio")) row.scores[0] = row.item.gid.lo < 50 ? 0.25F : 0.75F;
  }
  const GuardrailReport report = Compare(candidate, live, PolicyOf(Check::kPsi, 0.1, 0.2));
  ASSERT_EQ(report.findings.size(), 2);
  EXPECT_EQ(report.findings[0].scope, "surface mix");
  EXPECT_EQ(report.findings[1].value, 0);
  ASSERT_EQ(report.distributions.size(), 2);
  EXPECT_EQ(report.distributions[0].surface, "mix");
  EXPECT_NEAR(report.distributions[0].psi.value(), 0.16946, 1e-5);
}

TEST(GuardrailsTest, JudgesTopItemsThatLeftTheTop) {
  TestTable other = Plain();  // the top ten are those from 90 on
  for (TestRow& row : other.rows) {
    if (row.item.gid.lo >= 97) row.scores[0] = 0.1F;
  }
  const Finding finding = ExpectJudged(Check::kTopChurn, 0.3, other);
  EXPECT_EQ(finding.detail, "of the top 10 items 7 stayed");
}

TEST(GuardrailsTest, TopItemsThatShareTheirScoreWithOthersStay) {
  TestTable clipped = Plain();
  for (TestRow& row : clipped.rows) row.scores[0] = std::min(row.scores[0], 0.5F);
  EXPECT_EQ(Compare(clipped, Plain(), PolicyOf(Check::kTopChurn, 0.01, 0.02)).verdict,
            Verdict::kPass);
}

TEST(GuardrailsTest, JudgesRowsWhoseScoreMovedByTheBoundOrMore) {
  TestTable moved = Plain();
  moved.signals[0].scale = 2;
  for (TestRow& row : moved.rows) {
    if (IsOn(row, "radio") && row.item.gid.lo < 20) row.scores[0] += 0.36F;
    if (IsOn(row, "radio") && row.item.gid.lo >= 80) row.scores[0] -= 0.34F;
  }
  const Finding finding = ExpectJudged(Check::kMovedRows, 0.1, moved);
  EXPECT_EQ(finding.detail, "of 200 rows in both 20 moved by 0.35 or more");
}

TEST(GuardrailsTest, JudgesWhenItWasMade) {
  TestTable candidate = Plain();
  candidate.info.created = kMade - absl::Seconds(90);
  ExpectJudged(Check::kOlderThanLive, 90, candidate);
  EXPECT_EQ(Compare(Plain(), candidate, PolicyOf(Check::kOlderThanLive, 1, 1)).verdict,
            Verdict::kPass);
  ExpectJudged(Check::kAge, 36, Plain(), std::nullopt, kMade + absl::Hours(36));
  ExpectJudged(Check::kFromTheFuture, 120, Plain(), std::nullopt, kMade - absl::Seconds(120));
}

TEST(GuardrailsTest, ASnapshotWithoutRowsIsBlocked) {
  const TestTable empty = {.info = {"discovery-mode", "control", "s", kMade}};
  EXPECT_EQ(Compare(empty, std::nullopt, GuardrailPolicy()).verdict, Verdict::kBlock);
  EXPECT_EQ(Compare(empty, Plain(), GuardrailPolicy()).verdict, Verdict::kBlock);
  EXPECT_EQ(Compare(empty, empty, GuardrailPolicy()).findings[0].check, Check::kEmpty);
}

TEST(GuardrailsTest, ALiveTableWithoutRowsIsNoMeasure) {
  const TestTable empty = {.info = {"discovery-mode", "control", "s", kMade}};
  const GuardrailReport report = Compare(Plain(), empty, GuardrailPolicy());
  EXPECT_EQ(report.verdict, Verdict::kPass);
  EXPECT_EQ(report.live->rows, 0);
}

TEST(GuardrailsTest, SentinelsAreAskedAsARequestWouldBe) {
  const auto verdict = [](const PolicySentinel& sentinel) {
    GuardrailPolicy policy;
    policy.sentinels = {sentinel};
    return Compare(Plain(), Plain(), policy).verdict;
  };
  const ItemKey key = TrackKey(7, 49);  // 0.5
  EXPECT_EQ(verdict({key, {"radio", "SE", "new"}, "promotion", 0.49, 0.51}), Verdict::kPass);
  EXPECT_EQ(verdict({key, {"radio", "*", "*"}, "promotion", 0.51, 0.6}), Verdict::kBlock);
  EXPECT_EQ(verdict({key, {"radio", "*", "*"}, "promotion", 0.4, 0.49}), Verdict::kBlock);
  EXPECT_EQ(verdict({key, {"mix", "NO", "*"}, "promotion"}), Verdict::kBlock);
  EXPECT_EQ(verdict({key, {"radio", "*", "*"}, "reward"}), Verdict::kBlock);
  EXPECT_EQ(verdict({TrackKey(9, 9), {"radio", "*", "*"}, "promotion"}), Verdict::kBlock);
}

TEST(GuardrailsTest, ACheckWithoutThresholdsFindsNothing) {
  GuardrailPolicy policy;
  policy.thresholds = {};
  const GuardrailReport report = Compare(Plain(), Plain(), policy);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.verdict, Verdict::kPass);
}

TEST(GuardrailsTest, KeepsTheWorstFindingsOfACheckThatHasMany) {
  TestTable live = Plain();
  live.campaigns.clear();
  for (int i = 0; i < kItemCount; ++i) {
    live.campaigns.push_back({"c" + std::to_string(i), "licensor" + std::to_string(i)});
  }
  for (TestRow& row : live.rows) row.campaign = static_cast<CampaignId>(row.item.gid.lo);
  TestTable candidate = live;
  candidate.rows.resize(2 * (kItemCount - 3));  // the last three licensors have none
  GuardrailPolicy policy = PolicyOf(Check::kLicensorRows, 0.3, 0.6);
  policy.min_rows = 1;
  const GuardrailReport report = Compare(candidate, live, policy);
  ASSERT_EQ(report.findings.size(), kMaxFindingsPerCheck);
  EXPECT_EQ(report.findings_left_out, kItemCount - static_cast<int>(kMaxFindingsPerCheck));
  EXPECT_EQ(report.findings[0].scope, "licensor licensor97");
  EXPECT_EQ(report.findings[2].verdict, Verdict::kBlock);
  EXPECT_EQ(report.findings[3].verdict, Verdict::kPass);
}

}  // namespace
}  // namespace oasis::testing
