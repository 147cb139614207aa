// Recent requests, asked of the candidate and of the live table.
#include <string>
#include <vector>

#include "oasis/guardrails.h"
#include "support/table_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kItemCount = 100;

// Items [0, items) on radio/*/*, all with `score`.
TestTable Radio(int items, float score = 0.5F) {
  TestTable table;
  table.info.created = absl::FromUnixSeconds(1'750'000'000);
  for (int i = 0; i < items; ++i) {
    table.rows.push_back(
        {TrackKey(7, static_cast<uint64_t>(i)), {"radio", "*", "*"}, {score}, kNoCampaign});
  }
  return table;
}

// Asks for items [from, to).
RecentRequest Ask(int from, int to, const std::string& surface = "radio") {
  RecentRequest request = {surface, "SE", "new", {}};
  for (int i = from; i < to; ++i) request.keys.push_back(TrackKey(7, static_cast<uint64_t>(i)));
  return request;
}

GuardrailReport Replay(const TestTable& candidate, const TestTable& live,
                       std::vector<RecentRequest> recent, int64_t min_rows = 10) {
  GuardrailPolicy policy;
  for (size_t i = 0; i < kChecks; ++i) {
    const auto check = static_cast<Check>(i);
    const bool replay = check == Check::kReplayFound || check == Check::kReplayStatuses ||
                        check == Check::kReplayPsi;
    if (!replay) policy[check] = {};
  }
  policy.min_rows = min_rows;
  auto report = CheckGuardrails(*BuildTable(candidate), BuildTable(live).get(), policy,
                                {.now = live.info.created, .recent = std::move(recent)});
  EXPECT_THAT(report, IsOk());
  return *report;
}

const Finding* Find(const GuardrailReport& report, Check check) {
  for (const Finding& finding : report.findings) {
    if (finding.check == check) return &finding;
  }
  return nullptr;
}

TEST(ReplayTest, TheSameAnswersPass) {
  const GuardrailReport report = Replay(Radio(100), Radio(100), {Ask(0, 150)});
  EXPECT_EQ(report.verdict, Verdict::kPass) << GuardrailText(report);
  EXPECT_EQ(report.replay.requests, 1);
  EXPECT_EQ(report.replay.items, 150);
  EXPECT_EQ(report.findings.size(), 3U);
  EXPECT_THAT(GuardrailText(report), HasSubstr("replayed: 1 recent requests for 150 items"));
}

TEST(ReplayTest, SeesItemsThatAreFoundNoMoreWhereTheyAreAskedFor) {
  // A tenth of the items is gone, and they are nearly all that is asked for.
  const GuardrailReport report = Replay(Radio(90), Radio(kItemCount), {Ask(85, 100), Ask(88, 100)});
  EXPECT_EQ(report.verdict, Verdict::kBlock);
  const Finding* found = Find(report, Check::kReplayFound);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->live, 27);
  EXPECT_EQ(found->candidate, 7);
  EXPECT_NEAR(found->value, 20.0 / 27, 1e-9);
  EXPECT_THAT(found->detail, HasSubstr("of 27 items of 2 recent requests"));
}

TEST(ReplayTest, SeesItemsThatChangePlacesThoughTheirNumberIsTheSame) {
  TestTable candidate = Radio(kItemCount);
  candidate.rows.erase(candidate.rows.begin(), candidate.rows.begin() + 50);
  const GuardrailReport report = Replay(candidate, Radio(50), {Ask(0, 100)});
  EXPECT_NEAR(Find(report, Check::kReplayFound)->value, 0, 1e-9);
  const Finding* statuses = Find(report, Check::kReplayStatuses);
  EXPECT_NEAR(statuses->value, 1.0, 1e-9);
  EXPECT_EQ(statuses->verdict, Verdict::kBlock);
  EXPECT_THAT(statuses->detail, HasSubstr("100 are found by one of both only"));
}

TEST(ReplayTest, SeesServedScoresThatMoved) {
  const GuardrailReport report = Replay(Radio(100, 0.9F), Radio(100, 0.3F), {Ask(0, 100)});
  const Finding* drift = Find(report, Check::kReplayPsi);
  EXPECT_EQ(drift->verdict, Verdict::kBlock);
  EXPECT_NEAR(*drift->live, 0.3, 1e-3);
  EXPECT_NEAR(*drift->candidate, 0.9, 1e-3);
}

// Radio(items), the first `dated` of them in a campaign that ends so long after the live one's
// time.
TestTable Dated(int items, int dated, absl::Duration ends) {
  TestTable table = Radio(items);
  table.campaigns = {{"spring", "acme", absl::InfinitePast(), table.info.created + ends}};
  for (size_t i = 0; i < static_cast<size_t>(dated); ++i) table.rows[i].campaign = 0;
  return table;
}

TEST(ReplayTest, SeesItemsWhoseCampaignsAreOver) {
  const GuardrailReport report =
      Replay(Dated(100, 60, -absl::Seconds(1)), Dated(100, 60, absl::Seconds(1)), {Ask(0, 100)});
  EXPECT_EQ(report.verdict, Verdict::kBlock);
  EXPECT_EQ(Find(report, Check::kReplayFound)->candidate, 40);
  EXPECT_NEAR(Find(report, Check::kReplayStatuses)->value, 0.6, 1e-9);
  EXPECT_GT(Find(report, Check::kReplayPsi)->value, 0.25);
}

TEST(ReplayTest, CampaignsThatComeForThoseThatAreOverAreNoChange) {
  const GuardrailReport report =
      Replay(Dated(100, 60, absl::Hours(1)), Dated(100, 60, -absl::Hours(1)), {Ask(0, 100)});
  EXPECT_EQ(report.verdict, Verdict::kPass) << GuardrailText(report);
  EXPECT_EQ(report.replay.items, 40);
  EXPECT_EQ(Find(report, Check::kReplayFound)->live, 40);
}

TEST(ReplayTest, AsksInTheContextOfTheRequest) {
  const GuardrailReport report = Replay(Radio(10), Radio(100), {Ask(0, 100, "mix")});
  EXPECT_EQ(report.verdict, Verdict::kPass);  // neither answers there
  EXPECT_EQ(Find(report, Check::kReplayFound), nullptr);
}

TEST(ReplayTest, TooFewItemsAreNotJudged) {
  const GuardrailReport report = Replay(Radio(10), Radio(100), {Ask(0, 100)}, /*min_rows=*/101);
  EXPECT_EQ(report.verdict, Verdict::kPass);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.replay.items, 100);
}

TEST(ReplayTest, ASignalThatIsGoneIsNotReplayed) {
  TestTable candidate = Radio(100);
  candidate.signals = {{"reward", 1.0F}};
  const GuardrailReport report = Replay(candidate, Radio(100), {Ask(0, 100)});
  EXPECT_EQ(report.replay.requests, 0);
}

}  // namespace
}  // namespace oasis::testing
