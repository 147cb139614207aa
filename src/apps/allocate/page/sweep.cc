// What more of one term costs the others.
#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "apps/allocate/page/sections.h"
#include "html/page.h"
#include "html/plot.h"
#include "html/table.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

struct SweepPoint {
  double swept = 0.0;  // the sum of the term whose weight changes
  double rest = 0.0;   // of the other one, or the value of the others
  std::string weight;
};

// The terms that the sweep is not over.
std::vector<const PageJson*> OtherTerms(const PageJson& report, const std::string& over) {
  std::vector<const PageJson*> others;
  for (const PageJson* objective : JsonList(report, "objectives")) {
    if (JsonText(*objective, "term") != over) others.push_back(objective);
  }
  return others;
}

// A single other term counts in its own unit, if more of it is better. Others count in value.
bool InOwnUnit(const std::vector<const PageJson*>& others) {
  return others.size() == 1 && JsonNumber(*others[0], "weight").value_or(1) > 0;
}

// Nothing if a sum is lacking.
std::optional<double> RestOf(const PageJson& point, const std::vector<const PageJson*>& others) {
  double rest = 0;
  for (const PageJson* other : others) {
    const auto sum = JsonNumber(JsonPart(point, "objectives"), JsonText(*other, "term"));
    if (!sum.has_value()) return std::nullopt;
    rest += InOwnUnit(others) ? *sum : *sum * JsonNumber(*other, "weight").value_or(1);
  }
  return rest;
}

// Ascending by the swept term.
std::vector<SweepPoint> SweepPoints(const PageJson& sweep,
                                    const std::vector<const PageJson*>& others) {
  std::vector<SweepPoint> points;
  for (const PageJson* point : JsonList(sweep, "points")) {
    const auto swept = JsonNumber(JsonPart(*point, "objectives"), JsonText(sweep, "over"));
    const auto rest = RestOf(*point, others);
    if (!swept.has_value() || !rest.has_value()) continue;
    points.push_back({*swept, *rest, AmountText(JsonNumber(*point, "weight"))});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const SweepPoint& a, const SweepPoint& b) { return a.swept < b.swept; });
  return points;
}

// Another point has no less of both, and more of one.
bool IsBeaten(const SweepPoint& point, const std::vector<SweepPoint>& points) {
  return std::any_of(points.begin(), points.end(), [&point](const SweepPoint& other) {
    return other.swept >= point.swept && other.rest >= point.rest &&
           (other.swept > point.swept || other.rest > point.rest);
  });
}

std::string RestLabel(const std::vector<const PageJson*>& others) {
  return InOwnUnit(others) ? absl::StrCat(JsonText(*others[0], "term"), " (sum, in its own unit)")
                           : "all other terms, weighted (value)";
}

std::string SweepFigure(const std::vector<SweepPoint>& points, const std::string& over,
                        const std::string& rest_label) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double low = kInfinity;
  double high = -kInfinity;
  Plot::Points front;
  for (const SweepPoint& point : points) {
    low = std::min(low, point.rest);
    high = std::max(high, point.rest);
    if (!IsBeaten(point, points)) front.emplace_back(point.swept, point.rest);
  }
  Plot plot(absl::StrCat("Trade-off of ", over),
            {Axis::Linear(points.front().swept, points.back().swept),
             absl::StrCat(over, " (sum, in its own unit)")},
            {Axis::Linear(low, high), rest_label});
  plot.Line("plot-line", front);
  for (const SweepPoint& point : points) {
    plot.Dot(IsBeaten(point, points) ? "beaten" : "", point.swept, point.rest, point.weight,
             absl::StrCat("weight ", point.weight, ": ", AmountText(point.swept), " of ", over,
                          ", ", AmountText(point.rest), " of the rest"));
  }
  return HtmlFigure(absl::StrCat("What more of ", over, " costs"),
                    "Each point is a plan, labelled with the term's weight; the line joins those "
                    "that no other plan beats in both.",
                    plot.Svg());
}

std::string SweepTable(const PageJson& report, const PageJson& sweep) {
  std::vector<std::string> head = {">Weight"};
  std::vector<std::string> terms;
  for (const PageJson* objective : JsonList(report, "objectives")) {
    terms.push_back(JsonText(*objective, "term"));
    head.push_back(absl::StrCat(">", terms.back()));
  }
  head.insert(head.end(), {">Value of the plan", ">Gap"});
  HtmlTable table(head);
  for (const PageJson* point : JsonList(sweep, "points")) {
    std::vector<std::string> row = {AmountText(JsonNumber(*point, "weight"))};
    for (const std::string& term : terms) {
      row.push_back(AmountText(JsonNumber(JsonPart(*point, "objectives"), term)));
    }
    row.push_back(AmountText(JsonNumber(*point, "primal")));
    row.push_back(ShareText(JsonNumber(*point, "gap")));
    table.Add(std::move(row));
  }
  return table.Html(kMaxPageRows);
}

}  // namespace

std::string SweepSection(const PageJson& report) {
  constexpr char kHead[] = "<h2>Trade-off</h2>\n";
  const PageJson& sweep = JsonPart(report, "sweep");
  if (JsonList(sweep, "points").empty()) {
    return absl::StrCat(kHead, Paragraph("No weight was swept."));
  }
  const std::string over = JsonText(sweep, "over");
  const std::vector<const PageJson*> others = OtherTerms(report, over);
  const std::vector<SweepPoint> points = SweepPoints(sweep, others);
  std::string chart;
  if (others.empty()) {
    chart = Paragraph("There is no other term to trade for.");
  } else if (points.empty()) {
    chart = Paragraph("No point has the sums of all terms.");
  } else {
    chart = SweepFigure(points, over, RestLabel(others));
  }
  return absl::StrCat(kHead, chart, SweepTable(report, sweep));
}

}  // namespace oasis
