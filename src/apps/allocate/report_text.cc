#include "apps/allocate/report_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "apps/allocate/page/values.h"
#include "apps/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

using Json = nlohmann::ordered_json;

std::string Count(const Json& json) { return FormatCount(json.get<int64_t>()); }
std::string Figure(const Json& json) {
  return json.is_number() ? absl::StrFormat("%.6g", json.get<double>()) : "-";
}
double Number(const Json& json) { return json.is_number() ? json.get<double>() : 0.0; }
std::string Percent(double share) { return absl::StrFormat("%.3g %%", 100.0 * share); }

std::string HowItEnded(const Json& report) {
  const std::string stop = report["solve"]["stop"].get<std::string>();
  if (stop == "gap") return "";
  if (stop == "stalled") return "; the gap asked for was not reached, and it fell no more";
  if (stop == "cancelled") return "; stopped by a signal before the gap asked for was reached";
  return absl::StrCat("; the limit of ", stop, " ended it before the gap asked for was reached");
}

// Said more of where the limit changes the plan much: prices are then those of another plan.
void AddLimited(const Json& report, std::string* text) {
  const auto limited = report["scores_at_limit"].get<int64_t>();
  const auto edges = report["problem"]["edges"].get<int64_t>();
  if (limited == 0) return;
  absl::StrAppend(text, "           ", FormatCount(limited), " scores are at the limit of ",
                  Figure(report["solve"]["score_limit"]));
  if (limited > edges / 10) {
    absl::StrAppend(text,
                    ": so many that the plan is far from what prices ask for; a larger tau, or a "
                    "larger --score-limit, brings them together");
  }
  absl::StrAppend(text, "\n");
}

void AddHead(const Json& report, std::string* text) {
  const Json& problem = report["problem"];
  const Json& certificate = report["certificate"];
  absl::StrAppend(text, "problem    ", problem["path"].get<std::string>(), ": ",
                  Count(problem["edges"]), " edges, ", Count(problem["items"]), " items, ",
                  Count(problem["contexts"]), " contexts, ", Count(problem["constraints"]),
                  " constraints\n");
  absl::StrAppend(text, "plan       worth ", Figure(certificate["limited_primal"]),
                  ", and no plan is worth more than ", Figure(certificate["dual"]), " (",
                  Figure(certificate["primal"]), " before scores are limited: a gap of ",
                  Percent(Number(certificate["gap"])), ")", HowItEnded(report), "\n");
  absl::StrAppend(text, "           ", Count(report["solve"]["passes"]), " passes in ",
                  FormatSpan(absl::Seconds(Number(report["solve"]["seconds"]))),
                  "; hard limits kept to ", Figure(certificate["worst_violation_after_repair"]),
                  " (", Figure(certificate["worst_violation"]), " before repair)\n");
  const double organic = Number(report["organic_slots"]);
  const double promoted = Number(report["promoted_slots"]);
  absl::StrAppend(
      text, "slots      ", Figure(report["promoted_slots"]),
      " of promoted items, where ranking alone gives them ", Figure(report["organic_slots"]),
      organic > 0.0 ? absl::StrFormat(" (%+.1f %%)", 100 * (promoted / organic - 1)) : "", "\n");
  AddLimited(report, text);
}

void AddObjectives(const Json& report, std::string* text) {
  TextTable table({"objective", ">weight", ">without", ">with the plan", ">change"});
  for (const Json& objective : report["objectives"]) {
    const double organic = Number(objective["organic"]);
    const double change = Number(objective["promoted"]) - organic;
    table.Add({objective["term"].get<std::string>(), Figure(objective["weight"]),
               Figure(objective["organic"]), Figure(objective["promoted"]),
               organic != 0.0 ? absl::StrFormat("%+.1f %%", 100.0 * change / std::abs(organic))
                              : absl::StrFormat("%+.4g", change)});
  }
  absl::StrAppend(text, "\n", table.Text());
}

// The constraints of which `key` is above 0, the largest first; and how many there are.
std::vector<const Json*> WorstBy(const Json& constraints, const char* key, const char* kind) {
  std::vector<const Json*> rows;
  for (const Json& row : constraints) {
    if (row["kind"] != kind || Number(row[key]) <= 0.0) continue;
    if (row["kind"] != "commitment" || IsShort(row)) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [key](const Json* a, const Json* b) {
    return Number((*a)[key]) > Number((*b)[key]);
  });
  return rows;
}

void AddRest(size_t all, size_t shown, std::string* text) {
  if (all == shown) return;
  absl::StrAppend(text, "and ", FormatCount(static_cast<int64_t>(all - shown)),
                  " more (--json has them all)\n");
}

void AddCommitments(const Json& report, std::string* text) {
  const Json& constraints = report["constraints"];
  const auto commitments =
      std::count_if(constraints.begin(), constraints.end(),
                    [](const Json& row) { return row["kind"] == "commitment"; });
  if (commitments == 0) return;
  const std::vector<const Json*> rows = WorstBy(constraints, "shortfall", "commitment");
  absl::StrAppend(text, "\n", FormatCount(static_cast<int64_t>(rows.size())), " of ",
                  FormatCount(commitments), " commitments are short of what was promised\n");
  if (rows.empty()) return;
  TextTable table({"commitment", ">promised", ">delivered", ">short", "unit", ">price of a unit"});
  const size_t shown = std::min(rows.size(), kSummaryRows);
  for (size_t i = 0; i < shown; ++i) {
    const Json& row = *rows[i];
    table.Add({row["name"].get<std::string>(), Figure(row["bound"]), Figure(row["activity"]),
               Figure(row["shortfall"]), row["unit"].get<std::string>(), Figure(row["price"])});
  }
  absl::StrAppend(text, table.Text());
  AddRest(rows.size(), shown, text);
}

void AddCaps(const Json& report, std::string* text) {
  const std::vector<const Json*> rows = WorstBy(report["constraints"], "price", "cap");
  if (rows.empty()) return;
  absl::StrAppend(text, "\n", FormatCount(static_cast<int64_t>(rows.size())), " caps bind\n");
  TextTable table({"cap", ">limit", ">used", "unit", ">price of a unit"});
  const size_t shown = std::min(rows.size(), kSummaryRows);
  for (size_t i = 0; i < shown; ++i) {
    const Json& row = *rows[i];
    table.Add({row["name"].get<std::string>(), Figure(row["bound"]), Figure(row["activity"]),
               row["unit"].get<std::string>(), Figure(row["price"])});
  }
  absl::StrAppend(text, table.Text());
  AddRest(rows.size(), shown, text);
}

void AddGuardrails(const Json& report, std::string* text) {
  const Json& guardrails = report["guardrails"];
  if (guardrails.empty()) return;
  const auto binding = std::count_if(guardrails.begin(), guardrails.end(),
                                     [](const Json& row) { return row["binding"] == true; });
  absl::StrAppend(text, "\nsatisfaction: ", FormatCount(binding), " of ",
                  FormatCount(static_cast<int64_t>(guardrails.size())), " guardrails bind\n");
}

void AddDelivery(const Json& report, std::string* text) {
  if (report["delivery"].empty()) return;
  TextTable table({"slots by", ">groups", ">Gini", ">least", "most"});
  for (const Json& delivery : report["delivery"]) {
    const Json& most = delivery["groups"].front();
    table.Add({delivery["by"].get<std::string>(), Count(delivery["count"]),
               absl::StrFormat("%.3f", Number(delivery["gini"])), Figure(delivery["least"]),
               absl::StrCat(Figure(most["slots"]), " ", most["name"].get<std::string>())});
  }
  absl::StrAppend(text, "\n", table.Text());
}

void AddSweep(const Json& report, std::string* text) {
  if (!report.contains("sweep")) return;
  const Json& sweep = report["sweep"];
  if (sweep["points"].empty()) return;
  std::vector<std::string> head = {absl::StrCat(">weight of ", sweep["over"].get<std::string>())};
  for (const auto& [term, promoted] : sweep["points"].front()["objectives"].items()) {
    head.push_back(absl::StrCat(">", term));
  }
  head.emplace_back(">gap");
  TextTable table(head);
  for (const Json& point : sweep["points"]) {
    std::vector<std::string> row = {Figure(point["weight"])};
    for (const auto& [term, promoted] : point["objectives"].items()) {
      row.push_back(Figure(promoted));
    }
    row.push_back(Percent(Number(point["gap"])));
    table.Add(std::move(row));
  }
  absl::StrAppend(text, "\n", table.Text());
}

void AddSnapshot(const Json& report, std::string* text) {
  if (!report.contains("snapshot")) return;
  const Json& snapshot = report["snapshot"];
  absl::StrAppend(text, "\nsnapshot ", snapshot["id"].get<std::string>(), ": ",
                  Count(snapshot["items"]), " items, ", Count(snapshot["rows"]), " rows in ",
                  snapshot["directory"].get<std::string>(), "\n");
  if (snapshot["floored"] == 0) return;
  absl::StrAppend(text, Count(snapshot["floored"]), " scores that should be lower are written as ",
                  kLeastWrittenScore, ": hard limits allow these items next to nothing\n");
}

}  // namespace

std::string AllocationReportText(const nlohmann::ordered_json& report) {
  std::string text;
  AddHead(report, &text);
  AddObjectives(report, &text);
  AddCommitments(report, &text);
  AddCaps(report, &text);
  AddGuardrails(report, &text);
  AddDelivery(report, &text);
  AddSweep(report, &text);
  AddSnapshot(report, &text);
  return text;
}

}  // namespace oasis
