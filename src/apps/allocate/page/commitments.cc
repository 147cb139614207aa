#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "apps/allocate/page/sections.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/table.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr double kMostDrawn = 1.5;  // of the promise; bars beyond end there, their numbers do not

bool IsFairness(const PageJson& constraint) {
  return absl::EndsWith(JsonText(constraint, "kind"), "fairness");
}

// Of a promise, or of a target: fairness counts in parts of it already.
std::optional<double> DeliveredShare(const PageJson& constraint) {
  const auto activity = JsonNumber(constraint, "activity");
  return IsFairness(constraint) ? activity : ShareOf(activity, JsonNumber(constraint, "bound"));
}

std::string PromiseBars(const std::vector<const PageJson*>& rows, const char* name,
                        const char* axis_label) {
  double most = 1;
  for (const PageJson* row : rows) most = std::max(most, DeliveredShare(*row).value_or(0));
  const Axis axis = Axis::Linear(0, 100 * std::min(most, kMostDrawn));
  BarChart chart{
      .name = name,
      .rows = {},
      .ticks = axis.ticks(),
      .axis_label = absl::StrCat(axis_label, most > kMostDrawn ? "; longer bars are cut" : "")};
  for (const PageJson* row : rows) {
    if (chart.rows.size() == kMaxPageBars) break;
    const auto share = DeliveredShare(*row);
    chart.rows.push_back({JsonText(*row, "name"),
                          {{IsShort(*row) ? "short" : "kept", 0, axis.At(100 * share.value_or(0)),
                            ShareText(share)}},
                          axis.At(100)});
  }
  return HtmlBars(chart);
}

std::string CommitmentTable(const std::vector<const PageJson*>& rows) {
  HtmlTable table({"State", "Name", "For", "Where", "Unit", ">Promised", ">Delivered", ">Short of",
                   ">Price of a unit"});
  for (const PageJson* row : rows) {
    table.Add({IsShort(*row) ? "short" : "kept", JsonText(*row, "name"), SubjectText(*row),
               ZoneText(*row), JsonText(*row, "unit"), AmountText(JsonNumber(*row, "bound")),
               AmountText(JsonNumber(*row, "activity")), AmountText(JsonNumber(*row, "shortfall")),
               AmountText(JsonNumber(*row, "price"))},
              IsShort(*row) ? "warn" : "pass");
  }
  return table.Html(kMaxPageRows);
}

std::string FairnessTable(const std::vector<const PageJson*>& rows) {
  HtmlTable table({"Name", "Kind", "For", "Where", "Unit", ">Target", ">Delivered, of the target",
                   ">Price of a unit"});
  for (const PageJson* row : rows) {
    table.Add({JsonText(*row, "name"),
               JsonText(*row, "kind") == "log_fairness" ? "logarithmic" : "max-min",
               SubjectText(*row), ZoneText(*row), JsonText(*row, "unit"),
               AmountText(JsonNumber(*row, "bound")), ShareText(JsonNumber(*row, "activity")),
               AmountText(JsonNumber(*row, "price"))});
  }
  return table.Html(kMaxPageRows);
}

// Of so many rows, if they are too many for a chart.
std::string FirstOf(size_t rows) {
  return rows <= kMaxPageBars ? "" : absl::StrCat("; the first ", kMaxPageBars, " of ", rows);
}

std::string CommitmentHtml(std::vector<const PageJson*> rows) {
  if (rows.empty()) return Paragraph("There are no commitments.");
  SortByNumber(rows, "shortfall");
  const auto missed = static_cast<size_t>(
      std::count_if(rows.begin(), rows.end(), [](const PageJson* row) { return IsShort(*row); }));
  return absl::StrCat(
      Paragraph(absl::StrCat(
          "Of ", CountText(rows.size(), "commitment"), " ",
          missed == 0 ? "all are kept"
                      : absl::StrCat(missed, missed == 1 ? " is" : " are", " not kept"),
          ". The price is what one unit more of a promise costs the plan, in value.")),
      HtmlFigure(absl::StrCat("Promised and delivered", FirstOf(rows.size())),
                 HtmlKeys({{"kept", "kept"}, {"short", "short"}, {"mark", "the promise"}}),
                 PromiseBars(rows, "Delivered of each promise", "delivered, in % of the promise")),
      CommitmentTable(rows));
}

std::string FairnessHtml(const std::vector<const PageJson*>& rows) {
  if (rows.empty()) return "";
  return absl::StrCat(
      "<h3>Fairness</h3>\n",
      HtmlFigure(absl::StrCat("Targets and deliveries", FirstOf(rows.size())),
                 HtmlKeys({{"kept", "delivered"}, {"mark", "the target"}}),
                 PromiseBars(rows, "Delivered of each target", "delivered, in % of the target")),
      HtmlDetails("Fairness in figures", FairnessTable(rows)));
}

}  // namespace

std::string CommitmentsSection(const PageJson& report) {
  std::vector<const PageJson*> commitments;
  std::vector<const PageJson*> fairness;
  for (const PageJson* row : JsonList(report, "constraints")) {
    if (JsonText(*row, "kind") == "commitment") commitments.push_back(row);
    if (IsFairness(*row)) fairness.push_back(row);
  }
  return absl::StrCat("<h2>Licensors and other commitments</h2>\n", CommitmentHtml(commitments),
                      FairnessHtml(fairness));
}

}  // namespace oasis
