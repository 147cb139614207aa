#include "guardrails/report_html.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "guardrails/distribution_chart.h"
#include "guardrails/report_words.h"
#include "html/page.h"
#include "html/table.h"
#include "html/text.h"

namespace oasis {
namespace {

void AddFinding(HtmlTable& table, const Finding& finding) {
  const CheckInfo& info = InfoOf(finding.check);
  const std::string verdict(VerdictName(finding.verdict));
  table.Add({verdict, std::string(info.title), WhereText(finding),
             FigureText(finding.live, info.figures), FigureText(finding.candidate, info.figures),
             ValueText(finding), ThresholdText(finding, finding.thresholds.warn),
             ThresholdText(finding, finding.thresholds.block), finding.detail},
            verdict);
}

// Of the findings that pass, or of those that do not; empty when there are none.
std::string FindingTable(const std::vector<Finding>& findings, bool passing, size_t most) {
  HtmlTable table(
      {"Verdict", "Check", "Where", ">Live", ">New", ">Value", ">Warns at", ">Blocks at", "Notes"});
  for (const Finding& finding : findings) {
    if ((finding.verdict == Verdict::kPass) == passing) AddFinding(table, finding);
  }
  return table.Html(most);
}

std::string Findings(const GuardrailReport& report) {
  const size_t all = report.findings.size();
  const std::string standing_out = FindingsStandingOut(report, all);
  std::string html = "<h2>What stands out</h2>\n";
  absl::StrAppend(&html,
                  standing_out.empty() ? "<p>Nothing: every check passed.</p>\n" : standing_out);
  absl::StrAppend(&html, HtmlDetails("Checks that passed",
                                     FindingTable(report.findings, /*passing=*/true, all)));
  if (report.findings_left_out > 0) {
    absl::StrAppend(&html, "<p>", report.findings_left_out,
                    " findings no worse than these are left out.</p>\n");
  }
  return html;
}

int64_t RowsOf(const std::vector<int64_t>& bins) {
  return std::accumulate(bins.begin(), bins.end(), int64_t{0});
}

std::string Chart(const ScoreDistribution& scores) {
  const auto count = [](int64_t rows) {
    return FormatFigure(static_cast<double>(rows), FigureUnit::kCount);
  };
  const std::string drift = scores.psi.has_value()
                                ? absl::StrCat("PSI ", FigureText(scores.psi, FigureUnit::kIndex),
                                               ", KS ", FigureText(scores.ks, FigureUnit::kIndex))
                                : "drift not judged: too few rows on one side";
  return HtmlFigure(absl::StrCat(scores.surface, ", ", scores.signal),
                    absl::StrCat(drift, "<br/>rows: ", count(RowsOf(scores.live)), " live, ",
                                 count(RowsOf(scores.candidate)), " new"),
                    DistributionChart(scores));
}

std::string Charts(const GuardrailReport& report) {
  const std::string charts = ScoreCharts(report, report.distributions.size());
  return charts.empty() ? "" : absl::StrCat("<h2>How the scores lie</h2>\n", charts);
}

// Which tables were compared, and when.
std::string Sides(const GuardrailReport& report) {
  const auto row = [](absl::string_view head, const std::string& text) {
    return absl::StrCat("<tr><th>", head, "</th><td>", HtmlText(text), "</td></tr>");
  };
  return absl::StrCat(
      "<table><tbody>", row("New", SideText(report.candidate)),
      row("Live", report.live.has_value() ? SideText(*report.live)
                                          : "none: only what needs none was checked"),
      row("Checked", MomentText(report.checked)), "</tbody></table>\n");
}

}  // namespace

const char kGuardrailStyle[] = R"(
path.live { fill: var(--before); }
path.new { fill: none; stroke: var(--after); stroke-width: 1.6; }
)";

std::string GuardrailHead(const GuardrailReport& report) {
  return absl::StrCat("<div class=\"banner ", std::string(VerdictName(report.verdict)), "\">",
                      HtmlText(GuardrailSummary(report)), "</div>\n", Sides(report));
}

std::string FindingsStandingOut(const GuardrailReport& report, size_t most) {
  return FindingTable(report.findings, /*passing=*/false, most);
}

std::string ScoreCharts(const GuardrailReport& report, size_t most) {
  if (report.distributions.empty()) return "";
  std::string html = absl::StrCat("<p>Share of the rows at each score; 0 is neutral. ",
                                  HtmlKeys({{"before", "live"}, {"line", "new"}}),
                                  "</p>\n<div class=\"charts\">\n");
  const size_t shown = std::min(most, report.distributions.size());
  for (size_t i = 0; i < shown; ++i) absl::StrAppend(&html, Chart(report.distributions[i]));
  absl::StrAppend(&html, "</div>\n");
  if (shown < report.distributions.size()) {
    absl::StrAppend(&html, "<p>And ", report.distributions.size() - shown, " more.</p>\n");
  }
  return html;
}

std::string GuardrailHtml(const GuardrailReport& report) {
  const std::string title = absl::StrCat("Snapshot ", report.candidate.info.snapshot_id, ": ",
                                         VerdictText(report.verdict));
  return HtmlPage(title, kGuardrailStyle,
                  absl::StrCat(GuardrailHead(report), Findings(report), Charts(report)));
}

}  // namespace oasis
