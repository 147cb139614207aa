// What a load does in each phase, on the thread of low priority.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "machine/catching.h"
#include "machine/memory.h"
#include "oasis/loader.h"
#include "oasis/status.h"
#include "score/utc.h"
#include "snapshot/json_fields.h"
#include "snapshot/load/load_run.h"
#include "snapshot/load/table_from_store.h"

namespace oasis {
namespace {

std::string Describe(const TableName& table) {
  return absl::StrCat("score set '", table.score_set, "', variant '", table.variant, "'");
}

TableName NameOf(const Manifest& manifest) { return {manifest.score_set, manifest.variant}; }

}  // namespace

absl::Status Loader::LoadDirectory(Run& run, const std::filesystem::path& dir,
                                   const std::optional<TableName>& expected, bool asked) {
  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kVerify));
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(dir));
  const TableName table = NameOf(manifest);
  run.report.table = table;
  run.report.snapshot_id = manifest.snapshot_id;
  if (expected.has_value() && *expected != table) {
    return absl::InvalidArgumentError(absl::StrCat(dir.string(), ": is a snapshot of ",
                                                   Describe(table), ", but one of ",
                                                   Describe(*expected), " was expected"));
  }
  OASIS_RETURN_IF_ERROR(CheckCreated(dir, manifest));
  if (!asked) {
    OASIS_ASSIGN_OR_RETURN(const TableState state, StateOf(table));
    if (!state.Takes(manifest.snapshot_id, manifest.created)) {
      return Unchanged(run, manifest.items, manifest.rows);
    }
  }
  OASIS_RETURN_IF_ERROR(CheckAllowed(table, manifest.snapshot_id));
  OASIS_ASSIGN_OR_RETURN(const bool held, store_->Holds(manifest));
  if (held && IsLive(table, manifest.snapshot_id)) {
    return Unchanged(run, manifest.items, manifest.rows);
  }
  OASIS_RETURN_IF_ERROR(CheckFits(manifest));
  OASIS_RETURN_IF_ERROR(VerifyFiles(dir, manifest, run.progress()));

  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kIngest));
  if (held) return LoadHeld(run, dir, manifest);
  OASIS_RETURN_IF_ERROR(store_->Accept(dir, manifest, options_.clock(), run.progress()));
  absl::Status status = Catching([&] { return BuildAndPublish(run, manifest); });
  if (status.ok() || run.report.outcome == LoadOutcome::kPublished) return status;
  const absl::Status removed = store_->Remove(table, manifest.snapshot_id);
  if (removed.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(),
                                                  "; and its copy could not be removed from the "
                                                  "store: ",
                                                  removed.message()));
}

absl::Status Loader::LoadHeld(Run& run, const std::filesystem::path& dir,
                              const Manifest& manifest) {
  absl::Status status = store_->GetManifest(NameOf(manifest), manifest.snapshot_id).status();
  if (status.ok()) status = BuildAndPublish(run, manifest);
  if (!absl::IsDataLoss(status) || run.report.outcome == LoadOutcome::kPublished) return status;
  if (run.phase() != LoadPhase::kIngest) OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kIngest));
  OASIS_RETURN_IF_ERROR(store_->Replace(dir, manifest, run.progress()));
  return BuildAndPublish(run, manifest);
}

absl::Status Loader::PublishKept(Run& run) {
  const TableName& table = run.report.table;
  const std::string& id = run.report.snapshot_id;
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, store_->GetManifest(table, id));
  OASIS_RETURN_IF_ERROR(CheckAllowed(table, id));
  if (IsLive(table, id)) return Unchanged(run, manifest.items, manifest.rows);
  OASIS_RETURN_IF_ERROR(CheckFits(manifest));
  return BuildAndPublish(run, manifest);
}

absl::Status Loader::Unchanged(Run& run, int64_t items, int64_t rows) {
  run.report.outcome = LoadOutcome::kUnchanged;
  run.report.items = items;
  run.report.rows = rows;
  return absl::OkStatus();
}

absl::Status Loader::BuildAndPublish(Run& run, const Manifest& manifest) {
  if (run.phase() != LoadPhase::kBuild) OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
  ReleaseFreeMemory();  // before the table takes its own
  OASIS_ASSIGN_OR_RETURN(const BuiltTable built,
                         BuildTable(*store_, manifest, options_.huge_pages, run.progress()));
  const std::shared_ptr<const Table>& table = built.table;
  run.report.items = table->items();
  run.report.rows = table->cells();

  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kWarm));
  table->Warm();
  OASIS_RETURN_IF_ERROR(CheckSentinels(*table, manifest));

  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kPublish));
  const TableName name = NameOf(manifest);
  OASIS_RETURN_IF_ERROR(CheckAllowed(name, manifest.snapshot_id));  // a pin may have come meanwhile
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> marked, store_->Live(name));
  const bool falls_back = run.report.action == kRestart && marked != manifest.snapshot_id;
  if (marked != manifest.snapshot_id && !falls_back) {
    OASIS_RETURN_IF_ERROR(MarkLive(run, name, manifest.snapshot_id));
  }
  OASIS_ASSIGN_OR_RETURN(std::shared_ptr<const Table> retired, tables_->Publish(table));
  run.report.outcome = LoadOutcome::kPublished;
  if (retired != nullptr) run.report.replaced = retired->info().snapshot_id;

  absl::Status status = run.EnterForGood(LoadPhase::kRetire);
  retired.reset();
  ReleaseFreeMemory();
  if (!falls_back) status.Update(store_->Prune(name, options_.keep).status());
  // A restart has other tables to restore first.
  if (built.from_rows && run.report.action != kRestart) {
    const absl::Status saved = store_->SaveTable(manifest, *table, run.progress());
    if (!absl::IsCancelled(saved)) {
      status.Update(Annotate(saved, "the table could not be kept, so a restart takes longer"));
    }
  }
  return status;
}

absl::Status Loader::MarkLive(const Run& run, const TableName& table,
                              absl::string_view snapshot_id) {
  const bool withdraws = run.report.action == kRollback;
  absl::Status status = store_->MarkLive(table, snapshot_id, options_.clock(), withdraws);
  if (status.ok()) return status;
  // A mark that could not be synced may be on the disk all the same; what is there counts.
  const absl::StatusOr<std::optional<std::string>> marked = store_->Live(table);
  return marked.ok() && *marked == snapshot_id ? absl::OkStatus() : status;
}

absl::Status Loader::CheckCreated(const std::filesystem::path& dir,
                                  const Manifest& manifest) const {
  const absl::Time now = options_.clock();
  if (manifest.created <= now + absl::Seconds(kMaxClockSkewSeconds)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      dir.string(), ": was created ", FormatUtc(manifest.created), ", and now is ", FormatUtc(now),
      ": set the clock of this server right, or build the snapshot again where the "
      "clock is right"));
}

absl::Status Loader::CheckFits(const Manifest& manifest) const {
  const int64_t needed = TableBuilder::EstimateBytes(
      manifest.items, manifest.rows, static_cast<int>(manifest.signals.size()),
      static_cast<int64_t>(manifest.campaigns.size()));
  const int64_t available = options_.available_memory();
  if (needed <= available) return absl::OkStatus();
  constexpr int64_t kMebibyte = 1024 * 1024;
  return absl::ResourceExhaustedError(absl::StrCat(
      "the table of snapshot '", manifest.snapshot_id, "' needs ", needed / kMebibyte + 1,
      " MiB beside those that are live, and ", available / kMebibyte,
      " MiB are available: give the server more memory, or build a smaller snapshot"));
}

absl::Status Loader::CheckAllowed(const TableName& table, absl::string_view snapshot_id) const {
  OASIS_RETURN_IF_ERROR(tables_->CheckRoom(table.score_set, table.variant));
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> pinned, store_->Pinned(table));
  if (!pinned.has_value() || *pinned == snapshot_id) return absl::OkStatus();
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> live, store_->Live(table));
  if (live == snapshot_id) return absl::OkStatus();  // a pin keeps others from coming, not the live
  return absl::FailedPreconditionError(absl::StrCat(Describe(table), " is pinned to snapshot '",
                                                    *pinned,
                                                    "' and takes no other one; "
                                                    "unpin it first"));
}

}  // namespace oasis
