#include "apps/serve/load_log.h"

#include <string>

#include "absl/strings/ascii.h"

namespace oasis {
namespace {

using nlohmann::ordered_json;

// "data_loss"
std::string ReasonOf(const absl::Status& status) {
  return absl::AsciiStrToLower(absl::StatusCodeToString(status.code()));
}

// Someone wanted it to end: its caller, or whoever stops the server.
bool WasCancelled(const LoadReport& report) {
  return report.outcome == LoadOutcome::kFailed && absl::IsCancelled(report.status);
}

// A restart has no live table that could be as it was.
bool IsRestart(const LoadReport& report) { return report.action == "restart"; }

ordered_json FieldsOf(const LoadReport& report) {
  ordered_json fields = {{"action", report.action}, {"actor", report.actor}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) fields[key] = value;
  };
  add("score_set", report.table.score_set);
  add("variant", report.table.variant);
  add("snapshot", report.snapshot_id);
  add("replaced", report.replaced);
  add("source", report.source);
  if (report.items > 0) {
    fields["items"] = report.items;
    fields["rows"] = report.rows;
  }
  if (report.outcome == LoadOutcome::kPublished) fields["huge_pages"] = report.huge_pages;
  add("rebuilt_since", report.rebuilt);
  for (const auto& [phase, took] : report.phases) {
    fields["phase_ms"][std::string(LoadPhaseName(phase))] = absl::ToDoubleMilliseconds(took);
  }
  if (report.guardrails != nullptr && report.guardrails->verdict != Verdict::kPass) {
    fields["guardrails"] = GuardrailSummary(*report.guardrails);
    if (report.forced) fields["forced"] = true;
  }
  if (!report.status.ok()) {
    fields["reason"] = ReasonOf(report.status);
    fields["detail"] = std::string(report.status.message());
  }
  return fields;
}

}  // namespace

void LogLoad(const LoadReport& report, const Log& log) {
  ordered_json fields = FieldsOf(report);
  switch (report.outcome) {
    case LoadOutcome::kChecked:
      log.Write(LogLevel::kInfo, "snapshot was checked, and not loaded", fields);
      return;
    case LoadOutcome::kPublished:
    case LoadOutcome::kUnchanged: {
      std::string message = report.outcome == LoadOutcome::kPublished
                                ? "snapshot is live"
                                : "nothing to do: the snapshot is live already, or a newer one is";
      if (!report.status.ok()) message += "; afterwards something went wrong";
      log.Write(report.status.ok() ? LogLevel::kInfo : LogLevel::kWarning, message, fields);
      return;
    }
    case LoadOutcome::kFailed:
      fields["failed_in"] = std::string(LoadPhaseName(report.failed_in));
      if (WasCancelled(report)) {
        log.Write(LogLevel::kWarning,
                  IsRestart(report) ? "restoring a snapshot was cancelled"
                                    : "load was cancelled; the live table is as it was",
                  fields);
      } else {
        log.Write(LogLevel::kError,
                  IsRestart(report) ? "snapshot could not be restored"
                                    : "snapshot refused; the live table is as it was",
                  fields);
      }
      return;
  }
}

void CountLoad(const LoadReport& report, const LiveTables& tables, const StalenessRules& staleness,
               Metrics& metrics) {
  if (report.action == "check") return;  // nothing would have become live
  const TableName& name = report.table;
  const absl::string_view outcome =
      WasCancelled(report) ? "cancelled" : LoadOutcomeName(report.outcome);
  metrics.CountLoad(name.score_set, name.variant, outcome,
                    report.blocked() ? kBlockedLoad : ReasonOf(report.status));
  Metrics::PhaseTimes phases;
  for (const auto& [phase, took] : report.phases) phases.emplace_back(LoadPhaseName(phase), took);
  metrics.SetLoadPhases(name.score_set, name.variant, phases);
  if (report.outcome != LoadOutcome::kPublished) return;
  tables.Visit([&](const TableSet& live) {
    const TableSet::ScoreSet& score_set = *live.FindScoreSet(name.score_set);
    const Table& table = *TableSet::FindVariant(score_set, name.variant)->table;
    metrics.NameScoreSet(score_set.ordinal, score_set.name);
    metrics.SetLive({name.score_set, name.variant, table.info().snapshot_id, table.info().created,
                     table.items(), table.cells(), table.resident_bytes(),
                     staleness.Of(name.score_set).max_age});
  });
}

}  // namespace oasis
