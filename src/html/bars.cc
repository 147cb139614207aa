#include "html/bars.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "html/text.h"

namespace oasis {
namespace {

// Of the drawing of a row, which is stretched to the room there is.
constexpr double kRowWidth = 1000, kBarHeight = 20, kBarGap = 4;

std::string BarSvg(const BarRow& row) {
  const double height = kBarHeight * static_cast<double>(row.bars.size());
  std::string svg = absl::StrFormat(
      "<svg viewBox=\"0 0 %.0f %.0f\" preserveAspectRatio=\"none\" style=\"height:%.1frem\">",
      kRowWidth, height, 1.2 * static_cast<double>(row.bars.size()));
  double top = kBarGap / 2;
  for (const Bar& bar : row.bars) {
    const auto [left, right] = std::minmax(bar.from, bar.to);
    absl::StrAppendFormat(
        &svg, R"(<rect class="%s" x="%.1f" y="%.0f" width="%.1f" height="%.0f"/>)", bar.css,
        left * kRowWidth, top, (right - left) * kRowWidth, kBarHeight - kBarGap);
    top += kBarHeight;
  }
  if (row.mark.has_value()) {
    absl::StrAppendFormat(&svg, R"(<line class="mark" x1="%.1f" x2="%.1f" y1="0" y2="%.0f"/>)",
                          *row.mark * kRowWidth, *row.mark * kRowWidth, height);
  }
  return absl::StrCat(svg, "</svg>");
}

std::string BarRowHtml(const BarRow& row) {
  std::string numbers;
  for (const Bar& bar : row.bars) {
    absl::StrAppend(&numbers, "<div>", HtmlText(bar.text), "</div>");
  }
  return absl::StrCat("<div class=\"bar-label\">", HtmlText(row.label),
                      "</div><div class=\"bar-lane\">", BarSvg(row),
                      "</div><div class=\"bar-text\">", numbers, "</div>\n");
}

std::string BarAxis(const BarChart& chart) {
  std::string html = "<div class=\"bar-label\"></div><div class=\"bar-axis\">";
  if (!chart.ticks.empty()) absl::StrAppend(&html, "<div class=\"bar-ticks\">");
  for (const Axis::Tick& tick : chart.ticks) {
    // Those at the ends do not stand out.
    absl::StrAppendFormat(&html,
                          "<span style=\"left:%.2f%%;transform:translateX(-%.0f%%)\">%s</span>",
                          100 * tick.at, 100 * tick.at, HtmlText(tick.text));
  }
  if (!chart.ticks.empty()) absl::StrAppend(&html, "</div>");
  return absl::StrCat(html, HtmlText(chart.axis_label), "</div><div></div>\n");
}

}  // namespace

const char kBarStyle[] = R"(
.bars { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(8rem, 1fr) max-content;
  column-gap: .8rem; row-gap: .35rem; align-items: center; margin-top: .5rem; font-size: .85rem; }
.bar-label { max-width: 16rem; line-height: 1.2; }
.bar-lane { border-left: 1px solid var(--axis); }
.bar-lane svg { margin: 0; overflow: visible; }
.bar-text { text-align: right; line-height: 1.2rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar-axis { color: var(--soft); font-size: .8rem; text-align: center; }
.bar-ticks { position: relative; height: 1.2rem; border-top: 1px solid var(--axis); white-space: nowrap; }
.bar-ticks span { position: absolute; }
rect.before { fill: var(--before); }
rect.after { fill: var(--after); }
rect.short { fill: var(--block); }
rect.kept { fill: var(--pass); }
rect.tight { fill: var(--warn); }
.key.short { background: var(--block); }
.key.kept { background: var(--pass); }
.key.tight { background: var(--warn); }
.key.mark { width: 2px; height: 1rem; background: var(--text); vertical-align: middle; }
line.mark { stroke: var(--text); stroke-width: 2px; vector-effect: non-scaling-stroke; }
.charts .bar-ticks span:not(:first-child):not(:last-child) { display: none; }
@media (max-width: 34rem) { .bars { grid-template-columns: minmax(0, 1fr) max-content; }
  .bar-label { grid-column: 1 / -1; max-width: none; margin-top: .3rem; } }
)";

std::string HtmlBars(const BarChart& chart) {
  if (chart.rows.empty()) return "";
  std::string html =
      absl::StrCat("<div class=\"bars\" role=\"img\" aria-label=\"", HtmlText(chart.name), "\">\n");
  for (const BarRow& row : chart.rows) absl::StrAppend(&html, BarRowHtml(row));
  return absl::StrCat(html, BarAxis(chart), "</div>\n");
}

}  // namespace oasis
