// What a snapshot says of itself: figures of its maker, and terms of its scores.
#include "oasis/gate.h"

#include "oasis/guardrails.h"
#include "support/table_support.h"

namespace oasis::testing {
namespace {

const absl::Time kMade = absl::FromUnixSeconds(1'750'000'000);

TestTable Sample() {
  TestTable table;
  table.info.created = kMade;
  for (uint64_t i = 0; i < 100; ++i) {
    table.rows.push_back(
        {TrackKey(7, i), {"radio", "*", "*"}, {static_cast<float>(i + 1) / 100.0F}});
  }
  return table;
}

TEST(GateTest, JudgesTheFiguresOfTheMakerByTheirLimits) {
  const auto table = BuildTable(Sample());
  GuardrailPolicy policy;
  const auto verdict = [&](double gap) {
    const auto report = CheckGuardrails(
        *table, nullptr, policy, {.now = kMade, .threads = 1, .gates = {{"gap", gap, 1e-4}}});
    EXPECT_THAT(report, IsOk());
    for (const Finding& finding : report->findings) {
      if (finding.check != Check::kGate) continue;
      EXPECT_EQ(finding.scope, "gap");
      EXPECT_NEAR(finding.value, gap / 1e-4, 1e-9);
      return finding.verdict;
    }
    return Verdict::kBlock;
  };
  EXPECT_EQ(verdict(0.9e-4), Verdict::kPass);
  EXPECT_EQ(verdict(1.1e-4), Verdict::kWarn);
  EXPECT_EQ(verdict(1.1e-3), Verdict::kBlock);
  policy[Check::kGate] = {0.5, 0.8};
  EXPECT_EQ(verdict(0.9e-4), Verdict::kBlock);
}

TEST(ScoreTermsTest, AreNotJudged) {
  TestTable live = Sample(), candidate = Sample();
  live.signals = {{"promotion", 1.0F}, {"promotion.load", 1.0F}};
  candidate.signals = {{"promotion", 1.0F}, {"promotion.value", 100.0F}};
  for (TestRow& row : live.rows) row.scores.push_back(0.5F);
  for (TestRow& row : candidate.rows) row.scores.push_back(0.0F);
  GuardrailPolicy policy;
  policy.min_rows = 10;
  const auto report =
      CheckGuardrails(*BuildTable(candidate), BuildTable(live).get(), policy, {.now = kMade});
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->verdict, Verdict::kPass) << GuardrailText(*report);
  for (const ScoreDistribution& drawn : report->distributions) EXPECT_EQ(drawn.signal, "promotion");
}

}  // namespace
}  // namespace oasis::testing
