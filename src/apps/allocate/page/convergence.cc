#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "apps/allocate/page/sections.h"
#include "html/page.h"
#include "html/plot.h"
#include "html/table.h"
#include "html/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr double kLeastGapDrawn = 1e-10;  // 0 has no place on a logarithmic axis

// The gap (%) by pass. Passes without one have no plan yet.
Plot::Points GapPoints(const std::vector<const PageJson*>& history) {
  Plot::Points points;
  for (const PageJson* record : history) {
    const auto pass = JsonNumber(*record, "pass");
    const auto gap = JsonNumber(*record, "gap");
    if (!pass.has_value() || !gap.has_value()) continue;
    points.emplace_back(*pass, 100 * std::max(*gap, kLeastGapDrawn));
  }
  return points;
}

// A line where tau changes.
void DrawStages(Plot& plot, const std::vector<const PageJson*>& history) {
  std::optional<double> last;
  for (const PageJson* record : history) {
    const auto pass = JsonNumber(*record, "pass");
    const auto factor = JsonNumber(*record, "tau_factor");
    if (!pass.has_value() || !factor.has_value() || factor == last) continue;
    plot.Upright(*pass, *factor == 1 ? "tau" : absl::StrCat(AmountText(factor), " tau"));
    last = factor;
  }
}

std::string GapPlot(const PageJson& report, const std::vector<const PageJson*>& history) {
  const Plot::Points points = GapPoints(history);
  if (points.empty()) return Paragraph("No pass had a plan to measure a gap of.");
  const auto asked = JsonNumber(JsonPart(report, "solve"), "gap_asked");
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const auto& [pass, gap] : points) {
    low = std::min(low, gap);
    high = std::max(high, gap);
  }
  const bool has_goal = asked.has_value() && *asked > kLeastGapDrawn;
  if (has_goal) {
    low = std::min(low, 100 * *asked);
    high = std::max(high, 100 * *asked);
  }
  Plot plot("Gap by pass",
            {Axis::Linear(0, JsonNumber(*history.back(), "pass").value_or(points.back().first)),
             "passes over all edges"},
            {Axis::Log(low, high), "gap (%)"});
  DrawStages(plot, history);
  if (has_goal) plot.Level(100 * *asked, "gap asked for");
  plot.Line("plot-line", points);
  return plot.Svg();
}

std::string HistoryTable(const std::vector<const PageJson*>& history) {
  HtmlTable table({">Pass", ">Tau, times", ">Dual", ">Primal", ">Gap", ">Residual", ">Seconds"});
  for (const PageJson* record : history) {
    table.Add({AmountText(JsonNumber(*record, "pass")),
               AmountText(JsonNumber(*record, "tau_factor")),
               AmountText(JsonNumber(*record, "dual")), AmountText(JsonNumber(*record, "primal")),
               ShareText(JsonNumber(*record, "gap")), AmountText(JsonNumber(*record, "residual")),
               AmountText(JsonNumber(*record, "seconds"))});
  }
  return HtmlDetails("The passes in figures", table.Html(kMaxPageRows));
}

}  // namespace

std::string ConvergenceSection(const PageJson& report) {
  constexpr char kHead[] = "<h2>Convergence</h2>\n";
  const std::vector<const PageJson*> history = JsonList(report, "history");
  if (history.empty()) return absl::StrCat(kHead, Paragraph("The report has no passes."));
  return absl::StrCat(
      kHead,
      HtmlFigure("How the gap closed",
                 "Early passes solve a smoother problem; upright lines are where tau, which makes "
                 "it smooth, goes down.",
                 GapPlot(report, history)),
      HistoryTable(history));
}

}  // namespace oasis
