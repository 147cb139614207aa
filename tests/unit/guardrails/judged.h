// Two small tables that differ in one thing, and how a check judges it.
#ifndef OASIS_TESTS_UNIT_GUARDRAILS_JUDGED_H_
#define OASIS_TESTS_UNIT_GUARDRAILS_JUDGED_H_

#include <optional>
#include <string>
#include <utility>

#include "oasis/guardrails.h"
#include "support/table_support.h"

namespace oasis::testing {

inline const absl::Time kMade = absl::FromUnixSeconds(1'750'000'000);
inline constexpr int kItemCount = 100;

// 100 items; half of their rows on radio/*/*, half on mix/SE/*, scores 0.01 to 1.00 on both.
inline TestTable Plain() {
  TestTable table;
  table.info.created = kMade;
  table.campaigns = {{"c1", "acme"}, {"c2", "umbrella"}};
  for (int i = 0; i < kItemCount; ++i) {
    const ItemKey key = TrackKey(7, static_cast<uint64_t>(i));
    const float score = static_cast<float>(i + 1) / kItemCount;
    table.rows.push_back({key, {"radio", "*", "*"}, {score}, 0});
    table.rows.push_back({key, {"mix", "SE", "*"}, {score}, 1});
  }
  return table;
}

inline bool IsOn(const TestRow& row, const std::string& surface) {
  return row.context.surface == surface;
}

inline GuardrailPolicy PolicyOf(Check check, double warn, double block) {
  GuardrailPolicy policy;
  policy.thresholds = {};
  policy[check] = {warn, block};
  policy.min_rows = 10;
  policy.move_bound = 0.35;
  return policy;
}

inline GuardrailReport Compare(const TestTable& candidate, const std::optional<TestTable>& live,
                               const GuardrailPolicy& policy, absl::Time now = kMade) {
  const auto candidate_table = BuildTable(candidate);
  const auto live_table = live.has_value() ? BuildTable(*live) : nullptr;
  auto report =
      CheckGuardrails(*candidate_table, live_table.get(), policy, {.now = now, .threads = 2});
  EXPECT_THAT(report, IsOk());
  return *report;
}

// Checks that the worst finding of `check` has `value`, passes for thresholds just above it, warns
// where it reaches the one and blocks where it reaches the other; and returns it.
inline Finding ExpectJudged(Check check, double value, const TestTable& candidate,
                            const std::optional<TestTable>& live = Plain(),
                            absl::Time now = kMade) {
  const double above = value * 1.001 + 1e-9;
  const double reached = value * 0.999;
  const auto worst = [&](double warn, double block) {
    const GuardrailReport report = Compare(candidate, live, PolicyOf(check, warn, block), now);
    EXPECT_FALSE(report.findings.empty());
    EXPECT_EQ(report.verdict, report.findings.at(0).verdict);
    return report.findings.at(0);
  };
  EXPECT_EQ(worst(above, above + 1).verdict, Verdict::kPass);
  EXPECT_EQ(worst(reached, above).verdict, Verdict::kWarn);
  const Finding finding = worst(reached / 2, reached);
  EXPECT_EQ(finding.verdict, Verdict::kBlock);
  EXPECT_EQ(finding.check, check);
  EXPECT_NEAR(finding.value, value, 1e-3);
  return finding;
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_GUARDRAILS_JUDGED_H_
