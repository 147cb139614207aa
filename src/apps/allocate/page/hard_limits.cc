// Caps and guardrails: what no plan may exceed.
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "apps/allocate/page/sections.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/table.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

std::string CapTable(const std::vector<const PageJson*>& caps) {
  HtmlTable table({"Name", "For", "Where", "Unit", ">At most", ">Used", ">Price of a unit"});
  for (const PageJson* cap : caps) {
    table.Add({JsonText(*cap, "name"), SubjectText(*cap), ZoneText(*cap), JsonText(*cap, "unit"),
               AmountText(JsonNumber(*cap, "bound")), AmountText(JsonNumber(*cap, "activity")),
               AmountText(JsonNumber(*cap, "price"))});
  }
  return table.Html(kMaxPageRows);
}

std::optional<double> Slack(const PageJson& guardrail) {
  const auto budget = JsonNumber(guardrail, "budget");
  const auto loss = JsonNumber(guardrail, "loss");
  if (!budget.has_value() || !loss.has_value()) return std::nullopt;
  return *budget - *loss;
}

std::string GuardrailTable(const std::vector<const PageJson*>& guardrails) {
  HtmlTable table({"State", "Where", ">Budget (slots)", ">Lost (slots)", ">Left (slots)", ">Used",
                   ">Price of a slot"});
  for (const PageJson* row : guardrails) {
    const bool binding = JsonFlag(*row, "binding");
    const auto budget = JsonNumber(*row, "budget");
    const auto loss = JsonNumber(*row, "loss");
    table.Add({binding ? "binds" : "has room", ZoneText(*row), AmountText(budget, "no limit"),
               AmountText(loss), AmountText(Slack(*row)), ShareText(ShareOf(loss, budget)),
               AmountText(JsonNumber(*row, "price"))},
              binding ? "warn" : "pass");
  }
  return table.Html(kMaxPageRows);
}

// Of those that have a budget. A loss below 0 is a gain: it has no bar.
std::string GuardrailBars(const std::vector<const PageJson*>& guardrails) {
  const Axis axis = Axis::Linear(0, 100);
  BarChart chart{.name = "Used of each guardrail's budget",
                 .rows = {},
                 .ticks = axis.ticks(),
                 .axis_label = "loss of satisfaction, in % of the budget"};
  for (const PageJson* row : guardrails) {
    const auto used = ShareOf(JsonNumber(*row, "loss"), JsonNumber(*row, "budget"));
    if (!used.has_value() || chart.rows.size() == kMaxPageBars) continue;
    chart.rows.push_back(
        {ZoneText(*row),
         {{JsonFlag(*row, "binding") ? "tight" : "kept", 0, axis.At(100 * *used), ShareText(used)}},
         axis.At(100)});
  }
  if (chart.rows.empty()) return "";
  return HtmlFigure("What guardrails leave",
                    HtmlKeys({{"kept", "has room"}, {"tight", "binds"}, {"mark", "the budget"}}),
                    HtmlBars(chart));
}

}  // namespace

std::string CapsSection(const PageJson& report) {
  size_t count = 0;
  std::vector<const PageJson*> binding;
  for (const PageJson* row : JsonList(report, "constraints")) {
    if (JsonText(*row, "kind") != "cap") continue;
    ++count;
    if (JsonFlag(*row, "binding")) binding.push_back(row);
  }
  SortByNumber(binding, "price");
  const std::string words =
      count == 0        ? "There are no caps."
      : binding.empty() ? absl::StrCat("Of ", CountText(count, "cap"), " none binds.")
                        : absl::StrCat("Of ", CountText(count, "cap"), " ", binding.size(),
                                       binding.size() == 1 ? " binds" : " bind",
                                       ", the dearest first. The price is the value that one unit "
                                       "more would add.");
  return absl::StrCat("<h2>Caps that bind</h2>\n", Paragraph(words), CapTable(binding));
}

std::string GuardrailsSection(const PageJson& report) {
  constexpr char kHead[] = "<h2>Guardrails</h2>\n";
  std::vector<const PageJson*> guardrails = JsonList(report, "guardrails");
  if (guardrails.empty()) return absl::StrCat(kHead, Paragraph("There are no guardrails."));
  std::stable_sort(guardrails.begin(), guardrails.end(), [](const PageJson* a, const PageJson* b) {
    const auto used = [](const PageJson& row) {
      return ShareOf(JsonNumber(row, "loss"), JsonNumber(row, "budget")).value_or(-1e300);
    };
    return used(*a) > used(*b);
  });
  return absl::StrCat(
      kHead,
      Paragraph("The satisfaction that promotion may cost a surface in a market, in slots: a slot "
                "lost is one whose listener would have been wholly satisfied and is not at all."),
      GuardrailBars(guardrails), GuardrailTable(guardrails));
}

}  // namespace oasis
