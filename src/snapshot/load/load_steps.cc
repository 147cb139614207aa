// What a load does in each phase, on the thread of low priority.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "machine/catching.h"
#include "machine/memory.h"
#include "oasis/loader.h"
#include "oasis/status.h"
#include "snapshot/checksum.h"
#include "snapshot/load/load_run.h"
#include "snapshot/load/table_from_store.h"

namespace oasis {
namespace {

TableName NameOf(const Manifest& manifest) { return {manifest.score_set, manifest.variant}; }

}  // namespace

absl::StatusOr<Manifest> Loader::ReadManifestOf(Run& run, const std::filesystem::path& dir) {
  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kVerify));
  OASIS_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(dir));
  run.report.table = NameOf(manifest);
  run.report.snapshot_id = manifest.snapshot_id;
  return manifest;
}

absl::Status Loader::LoadDirectory(Run& run, const std::filesystem::path& dir,
                                   const LoadTerms& terms, bool asked) {
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifestOf(run, dir));
  const TableName table = NameOf(manifest);
  if (terms.expected.has_value() && *terms.expected != table) {
    return absl::InvalidArgumentError(
        absl::StrCat(dir.string(), ": is a snapshot of ", DescribeTable(table), ", but one of ",
                     DescribeTable(*terms.expected), " was expected"));
  }
  OASIS_RETURN_IF_ERROR(CheckCreated(dir, manifest));
  if (!asked) {
    OASIS_ASSIGN_OR_RETURN(const TableState state, StateOf(table));
    if (!state.Takes(manifest.snapshot_id, Checksum(EncodeManifest(manifest)), manifest.created)) {
      return Unchanged(run, manifest.items, manifest.rows);
    }
  }
  OASIS_RETURN_IF_ERROR(CheckAllowed(table, manifest.snapshot_id));
  OASIS_ASSIGN_OR_RETURN(const bool held, store_->Holds(manifest));
  if (held && IsLive(table, manifest.snapshot_id)) {
    return Unchanged(run, manifest.items, manifest.rows);
  }
  OASIS_RETURN_IF_ERROR(CheckFitsAtAll(manifest));
  OASIS_RETURN_IF_ERROR(VerifyFiles(dir, manifest, run.progress()));

  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kIngest));
  if (held) return LoadHeld(run, dir, manifest, terms);
  OASIS_RETURN_IF_ERROR(store_->Accept(dir, manifest, options_.clock(), run.progress()));
  absl::Status status = Catching([&] { return MakeRoomAndPublish(run, manifest, terms); });
  if (status.ok() || run.report.outcome == LoadOutcome::kPublished) return status;
  const absl::Status removed = store_->Remove(table, manifest.snapshot_id);
  if (removed.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(),
                                                  "; and its copy could not be removed from the "
                                                  "store: ",
                                                  removed.message()));
}

absl::Status Loader::LoadHeld(Run& run, const std::filesystem::path& dir, const Manifest& manifest,
                              const LoadTerms& terms) {
  absl::Status status = store_->GetManifest(NameOf(manifest), manifest.snapshot_id).status();
  if (status.ok()) status = MakeRoomAndPublish(run, manifest, terms);
  if (!absl::IsDataLoss(status) || run.report.outcome == LoadOutcome::kPublished) return status;
  if (run.phase() != LoadPhase::kIngest) OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kIngest));
  OASIS_RETURN_IF_ERROR(store_->Replace(dir, manifest, run.progress()));
  return MakeRoomAndPublish(run, manifest, terms);
}

absl::Status Loader::PublishKept(Run& run, const LoadTerms& terms) {
  const TableName& table = run.report.table;
  const std::string& id = run.report.snapshot_id;
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, store_->GetManifest(table, id));
  OASIS_RETURN_IF_ERROR(CheckAllowed(table, id));
  if (IsLive(table, id)) return Unchanged(run, manifest.items, manifest.rows);
  OASIS_RETURN_IF_ERROR(CheckFitsAtAll(manifest));
  return MakeRoomAndPublish(run, manifest, terms);
}

absl::Status Loader::Unchanged(Run& run, int64_t items, int64_t rows) {
  run.report.outcome = LoadOutcome::kUnchanged;
  run.report.items = items;
  run.report.rows = rows;
  return absl::OkStatus();
}

absl::Status Loader::MakeRoomAndPublish(Run& run, const Manifest& manifest,
                                        const LoadTerms& terms) {
  if (run.phase() != LoadPhase::kBuild) OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
  ReleaseFreeMemory();  // before the table takes its own
  if (!options_.drop_first || CheckFits(manifest).ok())
    return BuildAndPublish(run, manifest, terms);
  std::shared_ptr<const Table> dropped = tables_->Drop(manifest.score_set, manifest.variant);
  if (dropped == nullptr) return BuildAndPublish(run, manifest, terms);
  const std::string replaced = dropped->info().snapshot_id;
  dropped.reset();
  ReleaseFreeMemory();
  absl::Status status = Catching([&] { return BuildAndPublish(run, manifest, terms); });
  if (run.report.outcome == LoadOutcome::kPublished) {
    run.report.replaced = replaced;
    return status;
  }
  const absl::Status back = Catching([&] { return PutBack(NameOf(manifest), replaced); });
  if (back.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat(status.message(), "; and snapshot '", replaced,
                   "', dropped to make room, could not be put back, so that ",
                   DescribeTable(NameOf(manifest)), " is not served: ", back.message()));
}

absl::Status Loader::BuildAndPublish(Run& run, const Manifest& manifest, const LoadTerms& terms) {
  OASIS_ASSIGN_OR_RETURN(const BuiltTable built,
                         BuildTable(*store_, manifest, options_.huge_pages, run.progress()));
  const std::shared_ptr<const Table>& table = built.table;
  run.report.items = table->items();
  run.report.rows = table->cells();
  run.report.huge_pages = table->huge_pages();
  if (!absl::IsNotFound(built.kept)) run.report.rebuilt = std::string(built.kept.message());

  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kWarm));
  table->Warm();
  OASIS_RETURN_IF_ERROR(CheckSentinels(*table, manifest));
  OASIS_ASSIGN_OR_RETURN(const bool compared, NeedsGuardrails(run));
  if (compared) OASIS_RETURN_IF_ERROR(CheckGuardrailsOf(run, *table, manifest, terms));

  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kPublish));
  const TableName name = NameOf(manifest);
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> marked, store_->Live(name));
  const bool is_marked = marked == manifest.snapshot_id;
  const bool falls_back = run.report.action == kRestart && !is_marked;
  OASIS_ASSIGN_OR_RETURN(std::shared_ptr<const Table> retired,
                         Swap(run, table, /*marks=*/!is_marked && !falls_back));
  run.report.outcome = LoadOutcome::kPublished;
  if (retired != nullptr) run.report.replaced = retired->info().snapshot_id;

  absl::Status status = run.EnterForGood(LoadPhase::kRetire);
  retired.reset();
  ReleaseFreeMemory();
  if (!falls_back) status.Update(store_->Prune(name, options_.keep).status());
  if (!built.kept.ok()) {
    const absl::Status saved = store_->SaveTable(manifest, *table, run.progress());
    if (!absl::IsCancelled(saved)) {
      status.Update(Annotate(saved, "the table could not be kept, so a restart takes longer"));
    }
  }
  return status;
}

absl::StatusOr<std::shared_ptr<const Table>> Loader::Swap(const Run& run,
                                                          std::shared_ptr<const Table> table,
                                                          bool marks) {
  const std::string id = table->info().snapshot_id;
  const TableName name = {table->info().score_set, table->info().variant};
  const std::lock_guard<std::mutex> lock(swap_mutex_);
  OASIS_RETURN_IF_ERROR(CheckAllowed(name, id));  // a pin may have come meanwhile
  if (marks) OASIS_RETURN_IF_ERROR(MarkLive(run, name, id));
  return tables_->Publish(std::move(table));
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

}  // namespace oasis
