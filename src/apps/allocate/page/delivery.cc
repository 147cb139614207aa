// How promoted slots are spread over groups of items.
#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "apps/allocate/page/sections.h"
#include "apps/text.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/plot.h"
#include "html/table.h"
#include "html/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

std::string Plural(const PageJson& delivery) { return absl::StrCat(JsonText(delivery, "by"), "s"); }

// In percent.
Plot::Points CurvePoints(const PageJson& delivery) {
  Plot::Points points;
  for (const PageJson* point : JsonList(delivery, "curve")) {
    if (!point->is_array() || point->size() != 2) continue;
    if (!(*point)[0].is_number() || !(*point)[1].is_number()) continue;
    points.emplace_back(100 * (*point)[0].get<double>(), 100 * (*point)[1].get<double>());
  }
  return points;
}

std::string ExposureFigure(const PageJson& delivery) {
  const std::string groups = Plural(delivery);
  const Plot::Points points = CurvePoints(delivery);
  Plot plot(absl::StrCat("Exposure curve by ", JsonText(delivery, "by")),
            {Axis::Linear(0, 100), absl::StrCat("share of ", groups, ", from the least (%)")},
            {Axis::Linear(0, 100), "share of promoted slots (%)"});
  plot.Line("plot-even", {{0, 0}, {100, 100}});
  plot.Line("plot-line", points);
  HtmlTable table({absl::StrCat(">Share of ", groups, " (%)"), ">Share of slots (%)"});
  for (const auto& [share, slots] : points) table.Add({AmountText(share), AmountText(slots)});
  return HtmlFigure(
      absl::StrCat("By ", JsonText(delivery, "by"), ": Gini ",
                   AmountText(JsonNumber(delivery, "gini"))),
      HtmlText(absl::StrCat(AmountText(JsonNumber(delivery, "count")), " ", groups,
                            "; the least of them has ", AmountText(JsonNumber(delivery, "least")),
                            " slots")),
      absl::StrCat(plot.Svg(), HtmlDetails("The curve in figures", table.Html(kMaxPageRows))));
}

std::string GroupBars(const PageJson& delivery, const std::vector<const PageJson*>& groups) {
  double most = 0;
  double least = 0;
  const size_t shown = std::min(groups.size(), kMaxPageBars / 2);  // each has two bars
  for (size_t i = 0; i < shown; ++i) {
    for (const char* key : {"slots", "organic"}) {
      most = std::max(most, JsonNumber(*groups[i], key).value_or(0));
      least = std::min(least, JsonNumber(*groups[i], key).value_or(0));
    }
  }
  const Axis axis = Axis::Linear(least, most);
  BarChart chart{.name = absl::StrCat("Slots of the first ", Plural(delivery)),
                 .rows = {},
                 .ticks = axis.ticks(),
                 .axis_label = "slots"};
  for (size_t i = 0; i < shown; ++i) {
    const auto bar = [&](const char* css, const char* key) {
      const auto slots = JsonNumber(*groups[i], key);
      return Bar{css, axis.At(0), axis.At(slots.value_or(0)), AmountText(slots)};
    };
    chart.rows.push_back({JsonText(*groups[i], "name"),
                          {bar("before", "organic"), bar("after", "slots")},
                          std::nullopt});
  }
  return HtmlBars(chart);
}

std::string GroupFigure(const PageJson& delivery) {
  std::vector<const PageJson*> groups = JsonList(delivery, "groups");
  if (groups.empty()) return "";
  SortByNumber(groups, "slots");
  HtmlTable table({"Name", ">Without promotion (slots)", ">With the plan (slots)", ">Change"});
  for (const PageJson* group : groups) {
    const auto organic = JsonNumber(*group, "organic");
    const auto slots = JsonNumber(*group, "slots");
    table.Add({JsonText(*group, "name"), AmountText(organic), AmountText(slots),
               ChangeShareText(organic, slots)});
  }
  return HtmlFigure(absl::StrCat("The ", Plural(delivery), " with most slots"),
                    HtmlKeys({{"before", "without promotion"}, {"after", "with the plan"}}),
                    absl::StrCat(GroupBars(delivery, groups),
                                 HtmlDetails("The groups in figures", table.Html(kMaxPageRows))));
}

// A figure of each delivery; `nothing` where there is none.
std::string DeliverySection(const PageJson& report, const char* head, const char* words,
                            const char* nothing, std::string (*figure)(const PageJson&)) {
  std::string figures;
  for (const PageJson* delivery : JsonList(report, "delivery")) {
    absl::StrAppend(&figures, figure(*delivery));
  }
  return absl::StrCat("<h2>", head, "</h2>\n", Paragraph(figures.empty() ? nothing : words),
                      figures.empty() ? "" : "<div class=\"charts\">\n", figures,
                      figures.empty() ? "" : "</div>\n");
}

}  // namespace

std::string ExposureSection(const PageJson& report) {
  return DeliverySection(
      report, "How exposure is spread",
      "The nearer a curve is to the dashed line, the more evenly slots are spread. Gini is 0 where "
      "all have the same and near 1 where one has everything.",
      "The report has no deliveries by group.", ExposureFigure);
}

std::string GroupsSection(const PageJson& report) {
  return DeliverySection(report, "Who gets most", "The slots of the items of each group.",
                         "The report has no deliveries by group.", GroupFigure);
}

}  // namespace oasis
