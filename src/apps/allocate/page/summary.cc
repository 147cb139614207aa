#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "apps/allocate/page/sections.h"
#include "apps/text.h"
#include "html/page.h"
#include "html/table.h"
#include "html/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

std::string StopText(const std::string& stop, const std::string& asked) {
  if (stop == "gap") return absl::StrCat("it reached the gap it was asked for, ", asked);
  if (stop == "stalled") {
    return absl::StrCat("it came no nearer to the gap it was asked for, ", asked);
  }
  const std::string before = absl::StrCat(" before it reached the gap it was asked for, ", asked);
  if (stop == "passes") return absl::StrCat("it had no passes left", before);
  if (stop == "time") return absl::StrCat("its time was over", before);
  if (stop == "cancelled") return absl::StrCat("it was cancelled", before);
  return stop.empty() ? "the report does not say why" : stop;
}

std::string SlotsSentence(const PageJson& report) {
  const auto promoted = JsonNumber(report, "promoted_slots");
  const auto organic = JsonNumber(report, "organic_slots");
  const auto supply = JsonNumber(JsonPart(report, "problem"), "supply");
  std::string text = absl::StrCat(
      "The plan gives ", AmountText(promoted), " of ", AmountText(supply), " slots (",
      ShareText(ShareOf(promoted, supply)),
      ") to items that may be promoted; without promotion they would have ", AmountText(organic));
  const std::string change = ChangeShareText(organic, promoted);
  return absl::StrCat(text, change == "–" ? "" : absl::StrCat(" (", change, ")"), ". ");
}

// What is proved: the distance from the dual, which no plan can beat.
std::string GapSentence(const PageJson& certificate) {
  const auto primal = JsonNumber(certificate, "primal");
  const auto dual = JsonNumber(certificate, "dual");
  const auto gap = JsonNumber(certificate, "gap");
  if (!primal.has_value() || !dual.has_value() || !gap.has_value()) {
    return "How far the plan is from the best one is not known. ";
  }
  return absl::StrCat("No plan can be better by more than ", ShareText(std::max(0.0, *gap)), " (",
                      AmountText(std::max(0.0, *dual - *primal)), " of a value of ",
                      AmountText(*primal), "). ");
}

// Deliveries are those of the plan with limited scores.
std::string LimitSentence(const PageJson& report) {
  const auto limit = JsonNumber(JsonPart(report, "solve"), "score_limit");
  const PageJson& certificate = JsonPart(report, "certificate");
  const auto limited = JsonNumber(certificate, "limited_primal");
  const auto dual = JsonNumber(certificate, "dual");
  if (!limit.has_value() || !limited.has_value() || !dual.has_value()) return "";
  const double size = std::max(std::abs(*limited), std::abs(*dual));
  const double below = std::max(0.0, *dual - *limited);
  return absl::StrCat("Scores are limited to ", AmountText(limit),
                      "; the plan with limited scores, which is the one shown here, is worth ",
                      AmountText(limited), ", at most ", ShareText(size == 0 ? 0 : below / size),
                      " less than the best plan with scores of any size. ");
}

std::string CommitmentSentence(const PageJson& report) {
  size_t count = 0;
  size_t missed = 0;
  for (const PageJson* row : JsonList(report, "constraints")) {
    if (JsonText(*row, "kind") != "commitment") continue;
    ++count;
    if (IsShort(*row)) ++missed;
  }
  if (count == 0) return "";
  if (missed == 0) return "Every commitment is kept. ";
  return absl::StrCat("Of ", CountText(count, "commitment"), " ", missed,
                      missed == 1 ? " falls short. " : " fall short. ");
}

// Plans keep these always; that this one does is read from its figures all the same.
struct HardLimits {
  size_t exceeded = 0;
  size_t unknown = 0;

  void Add(const std::optional<double>& bound, const std::optional<double>& used) {
    if (!bound.has_value()) return;
    if (!used.has_value()) ++unknown;
    if (used.value_or(0) > *bound * (1 + kNegligible) + kNegligible) ++exceeded;
  }
};

HardLimits HardLimitsOf(const PageJson& report) {
  HardLimits limits;
  for (const PageJson* row : JsonList(report, "constraints")) {
    if (JsonText(*row, "kind") != "cap") continue;
    limits.Add(JsonNumber(*row, "bound"), JsonNumber(*row, "activity"));
  }
  for (const PageJson* row : JsonList(report, "guardrails")) {
    limits.Add(JsonNumber(*row, "budget"), JsonNumber(*row, "loss"));
  }
  return limits;
}

std::string HardLimitSentence(const HardLimits& limits) {
  if (limits.exceeded > 0) {
    return absl::StrCat("Of the caps and guardrails ", limits.exceeded,
                        limits.exceeded == 1 ? " is" : " are", " exceeded: do not use this plan.");
  }
  return limits.unknown > 0 ? "Whether all caps and guardrails are kept is not known."
                            : "Every cap and guardrail is kept.";
}

std::string DecisionText(const PageJson& report) {
  const PageJson& solve = JsonPart(report, "solve");
  const auto seconds = JsonNumber(solve, "seconds");
  return absl::StrCat(
      SlotsSentence(report), "The solver stopped after ", AmountText(JsonNumber(solve, "passes")),
      " passes",
      seconds.has_value() ? absl::StrCat(" (", FormatSpan(absl::Seconds(*seconds)), ")") : "",
      " because ", StopText(JsonText(solve, "stop"), ShareText(JsonNumber(solve, "gap_asked"))),
      ". ", GapSentence(JsonPart(report, "certificate")), LimitSentence(report),
      CommitmentSentence(report), HardLimitSentence(HardLimitsOf(report)));
}

std::string SnapshotSentence(const PageJson& snapshot) {
  if (!snapshot.is_object()) return "";
  return Paragraph(absl::StrCat(
      "Its scores are snapshot ", JsonText(snapshot, "id"), " in ", JsonText(snapshot, "directory"),
      ": ", AmountText(JsonNumber(snapshot, "rows")), " rows of ",
      AmountText(JsonNumber(snapshot, "items")), " items; ",
      AmountText(JsonNumber(snapshot, "at_limit")), " scores are at the score limit, and ",
      AmountText(JsonNumber(snapshot, "floored")), " at the least there is."));
}

void AddFigures(HtmlTable& table, const PageJson& part,
                std::initializer_list<std::pair<const char*, const char*>> fields) {
  for (const auto& [key, meaning] : fields) {
    table.Add({meaning, AmountText(JsonNumber(part, key))});
  }
}

std::string SummaryFigures(const PageJson& report) {
  HtmlTable table({"What", ">Figure"});
  AddFigures(table, JsonPart(report, "problem"),
             {{"edges", "edges: pairs of an item and a context"},
              {"contexts", "contexts"},
              {"items", "items"},
              {"offers", "offers: items in a surface and market"},
              {"constraints", "constraints"},
              {"supply", "supply (slots)"}});
  const PageJson& certificate = JsonPart(report, "certificate");
  AddFigures(table, certificate,
             {{"primal", "value of the plan before scores are limited (primal)"},
              {"dual", "no plan has more (dual)"}});
  table.Add({"gap between the two", ShareText(JsonNumber(certificate, "gap"))});
  AddFigures(table, certificate,
             {{"lp_primal", "value without the regulariser"},
              {"lp_dual", "no plan has more without the regulariser"},
              {"limited_primal", "value of the plan with limited scores"},
              {"limited_value", "the same without the regulariser"}});
  table.Add({"worst excess over a hard limit before repair, in parts of it",
             ShareText(JsonNumber(certificate, "worst_violation"))});
  const PageJson& solve = JsonPart(report, "solve");
  AddFigures(table, solve, {{"passes", "passes over all edges"}, {"threads", "threads"}});
  table.Add({"regulariser", JsonText(solve, "regulariser")});
  table.Add({"score limit", AmountText(JsonNumber(solve, "score_limit"), "none")});
  return HtmlDetails("The problem and the certificate in figures", table.Html(kMaxPageRows));
}

// Red: not to be used. Yellow: not proved as good as was asked for, or a promise is broken.
const char* SummaryTone(const PageJson& report) {
  const HardLimits limits = HardLimitsOf(report);
  if (limits.exceeded > 0) return "block";
  const bool proved = JsonText(JsonPart(report, "solve"), "stop") == "gap" &&
                      JsonNumber(JsonPart(report, "certificate"), "gap").has_value();
  const std::vector<const PageJson*> rows = JsonList(report, "constraints");
  const bool kept = std::none_of(rows.begin(), rows.end(), [](const PageJson* row) {
    return JsonText(*row, "kind") == "commitment" && IsShort(*row);
  });
  return proved && kept && limits.unknown == 0 ? "pass" : "warn";
}

}  // namespace

std::string SummarySection(const PageJson& report) {
  return absl::StrCat("<h2>What was decided</h2>\n<div class=\"banner ", SummaryTone(report), "\">",
                      HtmlText(DecisionText(report)), "</div>\n",
                      SnapshotSentence(JsonPart(report, "snapshot")), SummaryFigures(report));
}

}  // namespace oasis
