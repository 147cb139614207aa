#include "apps/serve/load_log.h"

#include <memory>
#include <string>

#include "absl/strings/ascii.h"

namespace oasis {
namespace {

using nlohmann::ordered_json;

// "data_loss"
std::string ReasonOf(const absl::Status& status) {
  return absl::AsciiStrToLower(absl::StatusCodeToString(status.code()));
}

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
  for (const auto& [phase, took] : report.phases) {
    fields["phase_ms"][std::string(LoadPhaseName(phase))] = absl::ToDoubleMilliseconds(took);
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
    case LoadOutcome::kPublished:
      if (!report.status.ok()) {
        log.Write(LogLevel::kWarning, "snapshot is live, but cleaning up after it failed", fields);
      } else {
        log.Write(LogLevel::kInfo, "snapshot is live", fields);
      }
      return;
    case LoadOutcome::kUnchanged:
      log.Write(LogLevel::kInfo, "snapshot was live already", fields);
      return;
    case LoadOutcome::kFailed:
      fields["failed_in"] = std::string(LoadPhaseName(report.failed_in));
      log.Write(LogLevel::kError, "snapshot refused; the live table is as it was", fields);
      return;
  }
}

void CountLoad(const LoadReport& report, const LiveTables& tables, Metrics& metrics) {
  const TableName& name = report.table;
  metrics.CountLoad(name.score_set, name.variant, LoadOutcomeName(report.outcome),
                    ReasonOf(report.status));
  for (const auto& [phase, took] : report.phases) {
    metrics.SetLoadPhase(name.score_set, name.variant, LoadPhaseName(phase), took);
  }
  if (report.outcome != LoadOutcome::kPublished) return;
  for (const std::shared_ptr<const Table>& table : tables.List()) {
    const TableInfo& info = table->info();
    if (info.score_set != name.score_set || info.variant != name.variant) continue;
    metrics.SetLive({info.score_set, info.variant, info.snapshot_id, info.created, table->items(),
                     table->cells(), table->resident_bytes()});
  }
}

}  // namespace oasis
