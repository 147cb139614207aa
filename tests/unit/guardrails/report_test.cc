// What people and programs are shown of a comparison.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "guardrails/check_info.h"
#include "oasis/guardrails.h"
#include "support/html_support.h"
#include "support/table_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kEvil[] = "a<script>'\"&</script>b";

TestTable Sample(float low) {
  TestTable table;
  table.info.snapshot_id = "monday";
  table.campaigns = {{"c", kEvil}};
  for (int i = 0; i < 40; ++i) {
    const float score = static_cast<float>(i) / 40 + low;
    table.rows.push_back({TrackKey(1, static_cast<uint64_t>(i)), {"radio", "SE", "*"}, {score}, 0});
  }
  return table;
}

// The candidate has lost the rows of half of the items, and its scores have moved.
GuardrailReport Blocked() {
  TestTable candidate = Sample(-0.5F);
  candidate.rows.resize(20);
  GuardrailPolicy policy;
  policy.min_rows = 5;
  const auto report = CheckGuardrails(*BuildTable(candidate), BuildTable(Sample(0)).get(), policy,
                                      {.now = absl::FromUnixSeconds(1'003'600)});
  EXPECT_THAT(report, IsOk());
  return *report;
}

GuardrailReport WithoutLive() {
  return *CheckGuardrails(*BuildTable(Sample(0)), nullptr, GuardrailPolicy(),
                          {.now = absl::FromUnixSeconds(1'000'000)});
}

TEST(ReportTest, ThePageIsWholeAndRefersToNoOther) {
  for (const GuardrailReport& report : {Blocked(), WithoutLive()}) {
    const std::string page = GuardrailHtml(report);
    EXPECT_EQ(WhatIsNotWellFormed(page), "");
    EXPECT_THAT(page, Not(HasSubstr("http")));
    EXPECT_THAT(page, Not(HasSubstr("src=")));
    EXPECT_THAT(page, Not(HasSubstr("href")));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("url(")));
  }
}

TEST(ReportTest, ThePageColoursVerdictsAndDrawsBothSides) {
  EXPECT_THAT(GuardrailHtml(Blocked()),
              AllOf(HasSubstr("Snapshot monday: blocked"), HasSubstr("banner block"),
                    HasSubstr("tag block"), HasSubstr("<svg"), HasSubstr("path class=\"live\""),
                    HasSubstr("path class=\"new\""), HasSubstr("radio, promotion"),
                    HasSubstr("licensor a&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;b")));
  EXPECT_THAT(GuardrailHtml(WithoutLive()),
              AllOf(HasSubstr("banner pass"), HasSubstr("every check passed")));
}

TEST(ReportTest, TheTextIsAlignedAndBeginsWithWhatStandsOut) {
  const std::string text = GuardrailText(Blocked());
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  EXPECT_THAT(lines[0], StartsWith("new   discovery-mode/control monday"));
  EXPECT_THAT(lines[1], StartsWith("live  "));
  ASSERT_THAT(lines[3], HasSubstr("blocks at"));
  EXPECT_THAT(lines[4], StartsWith("block"));
  EXPECT_THAT(lines[lines.size() - 2], "blocked");
  const size_t column = lines[3].find("blocks at") + 8;  // where its numbers end
  for (size_t i = 4; !lines[i].empty(); ++i) {
    EXPECT_NE(lines[i].at(column), ' ') << lines[i];
    EXPECT_THAT(lines[i].substr(column + 1), AnyOf("", StartsWith(" "))) << lines[i];
  }
  EXPECT_THAT(text, HasSubstr("change of the number of items"));
  EXPECT_THAT(GuardrailText(WithoutLive()), HasSubstr("live  none"));
}

TEST(ReportTest, TheSummaryNamesWhatDidNotPass) {
  EXPECT_THAT(GuardrailSummary(Blocked()),
              AllOf(StartsWith("blocked: "),
                    HasSubstr("change of the number of items 50.0 % (blocks at 30.0 %); ")));
  EXPECT_EQ(GuardrailSummary(WithoutLive()), "passed");
}

TEST(ReportTest, TheJsonHasBothFiguresAndTheThresholds) {
  const auto json = nlohmann::json::parse(GuardrailJson(Blocked()));
  EXPECT_EQ(json["verdict"], "block");
  EXPECT_EQ(json["new"]["items"], 20);
  EXPECT_EQ(json["live"]["items"], 40);
  const auto& first = json["findings"][0];
  EXPECT_EQ(first["check"], "items");
  EXPECT_EQ(first["live"], 40);
  EXPECT_EQ(first["new"], 20);
  EXPECT_EQ(first["value"], 0.5);
  EXPECT_EQ(first["warn"], 0.1);
  EXPECT_EQ(first["block"], 0.3);
  EXPECT_EQ(first["verdict"], "block");
  EXPECT_EQ(json["distributions"][0]["surface"], "radio");
  EXPECT_TRUE(nlohmann::json::parse(GuardrailJson(WithoutLive()))["live"].is_null());
}

TEST(FigureTest, IsWrittenByItsUnit) {
  EXPECT_EQ(FormatFigure(1'234'567, FigureUnit::kCount), "1,234,567");
  EXPECT_EQ(FormatFigure(-1'000, FigureUnit::kCount), "-1,000");
  EXPECT_EQ(FormatFigure(0.1234, FigureUnit::kShare), "12.3 %");
  EXPECT_EQ(FormatFigure(1.5, FigureUnit::kTimes), "1.50x");
  EXPECT_EQ(FormatFigure(36, FigureUnit::kHours), "36.0 h");
}

}  // namespace
}  // namespace oasis::testing
