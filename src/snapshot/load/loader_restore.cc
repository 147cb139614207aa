#include <string>
#include <utility>
#include <vector>

#include "oasis/loader.h"
#include "oasis/status.h"
#include "snapshot/load/load_run.h"

namespace oasis {

LoadReport Loader::RestoreOne(const TableName& table,
                              const std::optional<std::string>& snapshot_id) {
  const Caller startup = {.actor = "startup", .reason = ""};
  const LoadProgressFn silent = [](const LoadProgress&) { return absl::OkStatus(); };
  Run run(options_, cancelled_, kRestart, startup, silent);
  run.report.table = table;
  run.report.snapshot_id = snapshot_id.value_or("");
  return Execute(run, [&] {
    OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
    const std::optional<Served> serving = Serving(table);
    if (serving.has_value()) {  // somebody loaded one while this waited
      run.report.snapshot_id = serving->snapshot_id;
      return Unchanged(run, serving->items, serving->rows);
    }
    if (!snapshot_id.has_value()) {
      OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> marked, store_->Live(table));
      run.report.snapshot_id = marked.value_or("");
    }
    return PublishKept(run, {});
  });
}

LoadReport Loader::RestoreTable(const TableName& table) {
  LoadReport report = RestoreOne(table, std::nullopt);
  const absl::StatusOr<std::vector<StoredSnapshot>> others = OnceLive(table);
  if (!others.ok()) return report;
  for (const StoredSnapshot& other : *others) {
    if (report.outcome != LoadOutcome::kFailed || cancelled_) break;
    report = RestoreOne(table, other.snapshot_id);
  }
  return report;
}

std::vector<LoadReport> Loader::Restore() {
  std::vector<LoadReport> reports;
  const absl::StatusOr<std::vector<TableName>> tables = store_->Tables();
  if (!tables.ok()) {
    LoadReport& report = reports.emplace_back();
    report.action = std::string(kRestart);
    report.actor = "startup";
    report.failed_in = LoadPhase::kBuild;
    report.status = tables.status();
    options_.observer(report);
    return reports;
  }
  for (const TableName& table : *tables) {
    const absl::StatusOr<std::optional<std::string>> marked = store_->Live(table);
    if (marked.ok() && !marked->has_value()) continue;
    reports.push_back(RestoreTable(table));
  }
  return reports;
}

}  // namespace oasis
