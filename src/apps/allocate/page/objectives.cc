#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "apps/allocate/page/sections.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/table.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

// Both bars of a term on a scale of its own, which has 0.
BarRow TermRow(const PageJson& objective) {
  const auto organic = JsonNumber(objective, "organic");
  const auto promoted = JsonNumber(objective, "promoted");
  const auto [low, high] = std::minmax({0.0, organic.value_or(0), promoted.value_or(0)});
  const double range = high > low ? high - low : 1;
  const auto bar = [low = low, range](const char* css, const std::optional<double>& sum) {
    return Bar{css, (0 - low) / range, (sum.value_or(0) - low) / range, AmountText(sum)};
  };
  return {JsonText(objective, "term"),
          {bar("before", organic), bar("after", promoted)},
          low < 0 ? std::optional<double>((0 - low) / range) : std::nullopt};
}

}  // namespace

std::string ObjectivesSection(const PageJson& report) {
  constexpr char kHead[] = "<h2>Objectives</h2>\n";
  const std::vector<const PageJson*> objectives = JsonList(report, "objectives");
  if (objectives.empty()) {
    return absl::StrCat(kHead, Paragraph("The value is not made of terms."));
  }
  BarChart chart{
      .name = "Each term without promotion and with the plan",
      .rows = {},
      .ticks = {},
      .axis_label = "sum over all slots, in the term's own unit; each term on its own scale"};
  HtmlTable table(
      {"Term", ">Weight", ">Without promotion", ">With the plan", ">Change", ">Change in %"});
  for (const PageJson* objective : objectives) {
    const auto organic = JsonNumber(*objective, "organic");
    const auto promoted = JsonNumber(*objective, "promoted");
    if (chart.rows.size() < kMaxPageBars) chart.rows.push_back(TermRow(*objective));
    table.Add({JsonText(*objective, "term"), AmountText(JsonNumber(*objective, "weight")),
               AmountText(organic), AmountText(promoted), ChangeText(organic, promoted),
               ChangeShareText(organic, promoted)});
  }
  std::vector<std::pair<std::string, std::string>> keys = {{"before", "without promotion"},
                                                           {"after", "with the plan"}};
  if (std::any_of(chart.rows.begin(), chart.rows.end(),
                  [](const BarRow& row) { return row.mark.has_value(); })) {
    keys.emplace_back("mark", "0");
  }
  return absl::StrCat(kHead, HtmlFigure("What each term gets", HtmlKeys(keys), HtmlBars(chart)),
                      table.Html(kMaxPageRows));
}

}  // namespace oasis
