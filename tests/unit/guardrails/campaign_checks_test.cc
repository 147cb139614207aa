// Snapshots whose campaigns are over or have not begun.
#include <optional>

#include "unit/guardrails/judged.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

// Plain, with campaigns that end so long after it was made.
TestTable Ending(absl::Duration first, absl::Duration second) {
  TestTable table = Plain();
  table.campaigns[0].ends_at = kMade + first;
  table.campaigns[1].ends_at = kMade + second;
  return table;
}

TEST(CampaignChecksTest, JudgesRowsWhoseCampaignIsNotRunning) {
  TestTable over = Ending(-absl::Hours(1), absl::Hours(1));
  const Finding half = ExpectJudged(Check::kNotRunning, 0.5, over, std::nullopt);
  EXPECT_EQ(half.scope, "");
  EXPECT_THAT(half.detail, HasSubstr("of 100 of 200 rows are over or have not begun"));
  const Finding beside = ExpectJudged(Check::kNotRunning, 0.5, over);
  EXPECT_EQ(beside.live, 0);
  over.campaigns[1].starts_at = kMade + absl::Minutes(30);  // not begun
  ExpectJudged(Check::kNotRunning, 1, over, std::nullopt);
  for (TestRow& row : over.rows) row.campaign = IsOn(row, "mix") ? kNoCampaign : row.campaign;
  ExpectJudged(Check::kNotRunning, 1, over, std::nullopt);  // of those that name a campaign
}

TEST(CampaignChecksTest, JudgesEachLicensorsRowsWhoseCampaignIsNotRunning) {
  const TestTable over = Ending(absl::Hours(1), -absl::Hours(1));
  const Finding worst = ExpectJudged(Check::kLicensorNotRunning, 1, over, std::nullopt);
  EXPECT_EQ(worst.scope, "licensor umbrella");
  GuardrailPolicy policy = PolicyOf(Check::kLicensorNotRunning, 0.5, 0.9);
  policy.min_rows = 101;
  EXPECT_TRUE(Compare(over, std::nullopt, policy).findings.empty());
}

TEST(CampaignChecksTest, BlocksASnapshotWhoseCampaignsAreAllOverByItsDefaults) {
  const TestTable over = Ending(-absl::Hours(1), -absl::Hours(1));
  EXPECT_EQ(Compare(over, std::nullopt, GuardrailPolicy()).verdict, Verdict::kBlock);
  EXPECT_EQ(Compare(Plain(), std::nullopt, GuardrailPolicy()).verdict, Verdict::kPass);
}

TEST(CampaignChecksTest, ALicensorWhoseCampaignsAreOverHasLostItsRows) {
  const TestTable over = Ending(-absl::Hours(1), absl::Hours(1));
  EXPECT_EQ(ExpectJudged(Check::kLicensorRows, 1, over).scope, "licensor acme");
  // What is over in the live one, too, was not lost now.
  EXPECT_EQ(Compare(over, over, PolicyOf(Check::kLicensorRows, 0.1, 0.2)).verdict, Verdict::kPass);
}

}  // namespace
}  // namespace oasis::testing
