#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oasis/loader.h"
#include "oasis/status.h"
#include "snapshot/load/load_run.h"

namespace oasis {

absl::StatusOr<std::vector<std::string>> Loader::OnceLive(const TableName& table) const {
  OASIS_ASSIGN_OR_RETURN(std::vector<StoredSnapshot> snapshots, store_->List());
  std::erase_if(snapshots, [&table](const StoredSnapshot& stored) {
    return stored.table != table || stored.live || stored.published == absl::InfinitePast();
  });
  std::sort(
      snapshots.begin(), snapshots.end(),
      [](const StoredSnapshot& a, const StoredSnapshot& b) { return a.published > b.published; });
  std::vector<std::string> ids;
  for (StoredSnapshot& stored : snapshots) ids.push_back(std::move(stored.snapshot_id));
  return ids;
}

LoadReport Loader::RestoreOne(const TableName& table, const std::string& snapshot_id) {
  const Caller startup = {.actor = "startup", .reason = ""};
  const LoadProgressFn silent = [](const LoadProgress&) { return absl::OkStatus(); };
  Run run(options_, cancelled_, kRestart, startup, silent);
  run.report.table = table;
  run.report.snapshot_id = snapshot_id;
  return Execute(run, [&] {
    OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
    return PublishKept(run);
  });
}

LoadReport Loader::RestoreTable(const TableName& table, const std::string& marked) {
  LoadReport report = RestoreOne(table, marked);
  const absl::StatusOr<std::vector<std::string>> others = OnceLive(table);
  if (!others.ok()) return report;
  for (const std::string& id : *others) {
    if (report.outcome != LoadOutcome::kFailed || cancelled_) break;
    report = RestoreOne(table, id);
  }
  return report;
}

std::vector<LoadReport> Loader::Restore() {
  std::vector<LoadReport> reports;
  const absl::StatusOr<std::vector<StoredSnapshot>> snapshots = store_->List();
  if (!snapshots.ok()) {
    LoadReport& report = reports.emplace_back();
    report.action = std::string(kRestart);
    report.actor = "startup";
    report.failed_in = LoadPhase::kBuild;
    report.status = snapshots.status();
    options_.observer(report);
    return reports;
  }
  std::set<TableName> tables;
  for (const StoredSnapshot& stored : *snapshots) tables.insert(stored.table);
  for (const TableName& table : tables) {
    const absl::StatusOr<std::optional<std::string>> marked = store_->Live(table);
    if (!marked.ok() || !marked->has_value()) continue;
    reports.push_back(RestoreTable(table, **marked));
  }
  return reports;
}

}  // namespace oasis
