#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "guardrails/distribution_chart.h"
#include "guardrails/html_text.h"
#include "guardrails/report_words.h"
#include "oasis/guardrails.h"

namespace oasis {
namespace {

constexpr char kStyle[] = R"(
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1f2933; }
body { max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .3rem; }
h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.banner { padding: .8rem 1rem; border-radius: .4rem; border-left: .5rem solid; margin: 1rem 0; }
.banner.pass, .tag.pass { background: #e6f4ea; color: #14532d; border-color: #2e7d46; }
.banner.warn, .tag.warn { background: #fff4d6; color: #6b4700; border-color: #d99a00; }
.banner.block, .tag.block { background: #fde4e1; color: #7f1d1d; border-color: #c62828; }
.tag { padding: .05rem .5rem; border-radius: .6rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #e1e6eb; vertical-align: top; }
th { font-weight: 600; border-bottom: 2px solid #b8c2cc; }
td.figure, th.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.block td { background: #fdf1ef; }
tr.warn td { background: #fffaee; }
details summary { cursor: pointer; margin: .8rem 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.2rem; }
figure { margin: 0; border: 1px solid #e1e6eb; border-radius: .4rem; padding: .7rem; }
figcaption { font-size: .85rem; color: #52606d; }
figcaption b { color: #1f2933; font-size: .95rem; }
svg { width: 100%; height: auto; display: block; margin-top: .4rem; }
svg text { font-size: 11px; fill: #52606d; }
path.live { fill: #9fb3c8; }
path.new { fill: none; stroke: #d9480f; stroke-width: 1.6; }
line.axis { stroke: #829ab1; }
line.zero { stroke: #829ab1; stroke-dasharray: 3 3; }
.key { display: inline-block; width: 1.2rem; height: .7rem; margin: 0 .3rem 0 .8rem; }
.key.live { background: #9fb3c8; }
.key.new { height: 0; border-top: 2px solid #d9480f; vertical-align: middle; }
)";

std::string Cell(const std::string& text) { return absl::StrCat("<td>", HtmlText(text), "</td>"); }
std::string FigureCell(const std::string& text) {
  return absl::StrCat("<td class=\"figure\">", HtmlText(text), "</td>");
}

std::string FindingRow(const Finding& finding) {
  const CheckInfo& info = InfoOf(finding.check);
  const std::string verdict(VerdictName(finding.verdict));
  return absl::StrCat("<tr class=\"", verdict, "\"><td><span class=\"tag ", verdict, "\">", verdict,
                      "</span></td>", Cell(info.title), Cell(WhereText(finding)),
                      FigureCell(FigureText(finding.live, info.figures)),
                      FigureCell(FigureText(finding.candidate, info.figures)),
                      FigureCell(ValueText(finding)),
                      FigureCell(ThresholdText(finding, finding.thresholds.warn)),
                      FigureCell(ThresholdText(finding, finding.thresholds.block)),
                      Cell(finding.detail), "</tr>\n");
}

// Of the findings that pass, or of those that do not; empty when there are none.
std::string FindingTable(const std::vector<Finding>& findings, bool passing) {
  std::string rows;
  for (const Finding& finding : findings) {
    if ((finding.verdict == Verdict::kPass) == passing) {
      absl::StrAppend(&rows, FindingRow(finding));
    }
  }
  if (rows.empty()) return "";
  return absl::StrCat(
      "<table><thead><tr><th>Verdict</th><th>Check</th><th>Where</th>"
      "<th class=\"figure\">Live</th><th class=\"figure\">New</th><th class=\"figure\">Value</th>"
      "<th class=\"figure\">Warns at</th><th class=\"figure\">Blocks at</th><th>Notes</th></tr>"
      "</thead><tbody>\n",
      rows, "</tbody></table>\n");
}

std::string Findings(const GuardrailReport& report) {
  const std::string standing_out = FindingTable(report.findings, /*passing=*/false);
  std::string html = "<h2>What stands out</h2>\n";
  absl::StrAppend(&html,
                  standing_out.empty() ? "<p>Nothing: every check passed.</p>\n" : standing_out);
  const std::string passed = FindingTable(report.findings, /*passing=*/true);
  if (!passed.empty()) {
    absl::StrAppend(&html, "<details><summary>Checks that passed</summary>\n", passed,
                    "</details>\n");
  }
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
  return absl::StrCat("<figure><figcaption><b>", HtmlText(scores.surface), ", ",
                      HtmlText(scores.signal), "</b><br/>", drift,
                      "<br/>rows: ", count(RowsOf(scores.live)), " live, ",
                      count(RowsOf(scores.candidate)), " new</figcaption>",
                      DistributionChart(scores), "</figure>\n");
}

std::string Charts(const GuardrailReport& report) {
  if (report.distributions.empty()) return "";
  std::string html =
      "<h2>How the scores lie</h2>\n<p>Share of the rows at each score; 0 is neutral."
      "<span class=\"key live\"></span>live<span class=\"key new\"></span>new</p>\n"
      "<div class=\"charts\">\n";
  for (const ScoreDistribution& scores : report.distributions) {
    absl::StrAppend(&html, Chart(scores));
  }
  return absl::StrCat(html, "</div>\n");
}

}  // namespace

std::string GuardrailHtml(const GuardrailReport& report) {
  const std::string title = absl::StrCat("Snapshot ", report.candidate.info.snapshot_id, ": ",
                                         VerdictText(report.verdict));
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
      HtmlText(title), "</title>\n<style>", kStyle, "</style></head>\n<body>\n<h1>",
      HtmlText(title), "</h1>\n<div class=\"banner ", std::string(VerdictName(report.verdict)),
      "\">", HtmlText(GuardrailSummary(report)), "</div>\n<table><tbody><tr><th>New</th>",
      Cell(SideText(report.candidate)), "</tr><tr><th>Live</th>",
      Cell(report.live.has_value() ? SideText(*report.live)
                                   : "none: only what needs none was checked"),
      "</tr><tr><th>Checked</th>", Cell(MomentText(report.checked)), "</tr></tbody></table>\n",
      Findings(report), Charts(report), "</body></html>\n");
}

}  // namespace oasis
