#include "oasis/store.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/checksum.h"
#include "snapshot/remedies.h"
#include "snapshot/store/catalog.h"
#include "snapshot/store/dir_lock.h"
#include "snapshot/store/ingest.h"
#include "snapshot/store/journal.h"
#include "snapshot/store/snapshot_dirs.h"
#include "snapshot/store/state_db.h"
#include "snapshot/store/stored_rows.h"
#include "snapshot/store/table_file.h"

namespace oasis {
struct Store::Rep {
  Rep(Options store_options, DirLock dir_lock, SnapshotDirs snapshot_dirs,
      std::unique_ptr<StateDb> state_db, JournalLog journal_log)
      : options(std::move(store_options)),
        lock(std::move(dir_lock)),
        dirs(std::move(snapshot_dirs)),
        state(std::move(state_db)),
        catalog(*state),
        journal(std::move(journal_log)) {}

  const Options options;
  const DirLock lock;
  const SnapshotDirs dirs;
  std::mutex dirs_mutex;  // one snapshot comes or goes at a time
  const std::unique_ptr<StateDb> state;
  Catalog catalog;
  JournalLog journal;

  // The directory loses its name first: cut off anywhere, this leaves the whole snapshot or none.
  absl::Status RemoveLocked(const TableName& table, absl::string_view snapshot_id) {
    OASIS_RETURN_IF_ERROR(catalog.Erase(
        table, snapshot_id, [&] { return dirs.SetAside(table, snapshot_id); },
        [&] { return dirs.PutBack(table, snapshot_id); }));
    return dirs.RemoveSetAside(table, snapshot_id);
  }
};

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const Options& options) {
  OASIS_RETURN_IF_ERROR(CreateDirsDurably(options.dir));
  OASIS_ASSIGN_OR_RETURN(DirLock lock, DirLock::Take(options.dir));
  // The state has a lock of its own: nothing is cleaned up where somebody removed the other one.
  OASIS_ASSIGN_OR_RETURN(std::unique_ptr<StateDb> state, StateDb::Open(options.dir / "state"));
  SnapshotDirs dirs(options.dir / "snapshots");
  OASIS_ASSIGN_OR_RETURN(const SnapshotDirs::Recovered recovered, dirs.Recover());
  OASIS_ASSIGN_OR_RETURN(JournalLog journal, JournalLog::Open(*state));
  auto rep = std::make_unique<Rep>(options, std::move(lock), std::move(dirs), std::move(state),
                                   std::move(journal));
  OASIS_RETURN_IF_ERROR(rep->catalog.Recover(rep->dirs, recovered, options.observer));
  return std::unique_ptr<Store>(new Store(std::move(rep)));
}

Store::Store(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Store::~Store() = default;

const std::filesystem::path& Store::dir() const { return rep_->options.dir; }

absl::Status Store::Accept(const std::filesystem::path& source, const Manifest& manifest,
                           absl::Time now, const Progress& progress) {
  const TableName table = {manifest.score_set, manifest.variant};
  const std::lock_guard<std::mutex> lock(rep_->dirs_mutex);
  OASIS_ASSIGN_OR_RETURN(const std::optional<SnapshotRecord> known,
                         rep_->catalog.Find(table, manifest.snapshot_id));
  if (known.has_value()) {
    return absl::AlreadyExistsError(absl::StrCat("snapshot '", manifest.snapshot_id, "' of ",
                                                 table.score_set, "/", table.variant,
                                                 " is in the store already"));
  }
  OASIS_ASSIGN_OR_RETURN(const uint64_t checksum, rep_->dirs.TakeIn(source, manifest, progress));
  absl::Status added = rep_->catalog.Add(manifest, checksum, now);
  // With the record, which may be on the disk though its sync failed. Should the removal fail too,
  // the next Open finds a whole snapshot that was never published.
  if (!added.ok()) rep_->RemoveLocked(table, manifest.snapshot_id).IgnoreError();
  return added;
}

absl::Status Store::Replace(const std::filesystem::path& source, const Manifest& manifest,
                            const Progress& progress) {
  const std::lock_guard<std::mutex> lock(rep_->dirs_mutex);
  OASIS_ASSIGN_OR_RETURN(const bool held, Holds(manifest));
  if (!held) {
    return absl::NotFoundError(
        absl::StrCat("snapshot '", manifest.snapshot_id, "' is not in the store"));
  }
  return rep_->dirs.TakeIn(source, manifest, progress).status();
}

absl::StatusOr<bool> Store::Holds(const Manifest& manifest) const {
  const TableName table = {manifest.score_set, manifest.variant};
  OASIS_ASSIGN_OR_RETURN(const std::optional<SnapshotRecord> known,
                         rep_->catalog.Find(table, manifest.snapshot_id));
  if (!known.has_value()) return false;
  if (known->manifest_checksum == Checksum(EncodeManifest(manifest))) return true;
  return absl::AlreadyExistsError(
      absl::StrCat("another snapshot of ", table.score_set, "/", table.variant,
                   " was accepted under the id '", manifest.snapshot_id,
                   "' before: an id names one content for ever; build this one again with an id of "
                   "its own"));
}

absl::StatusOr<Manifest> Store::GetManifest(const TableName& table,
                                            absl::string_view snapshot_id) const {
  OASIS_RETURN_IF_ERROR(rep_->catalog.Get(table, snapshot_id).status());
  absl::StatusOr<Manifest> manifest = ReadManifest(rep_->dirs.DirOf(table, snapshot_id));
  if (manifest.ok()) return manifest;
  absl::Status status = manifest.status();
  // It was whole when it was accepted.
  if (absl::IsNotFound(status) || absl::IsInvalidArgument(status)) {
    status = absl::DataLossError(status.message());
  }
  return WithRemedy(status, kLoadAgain);
}

absl::Status Store::ReadRows(const TableName& table, absl::string_view snapshot_id,
                             const Manifest& manifest, int threads,
                             const std::function<absl::Status(int thread, const ItemRow&)>& row,
                             const Progress& progress) const {
  OASIS_RETURN_IF_ERROR(rep_->catalog.Get(table, snapshot_id).status());
  const std::filesystem::path db = rep_->dirs.DbOf(table, snapshot_id);
  return WithRemedy(ReadStoredRows(db, manifest, threads, row, progress), kLoadAgain);
}

absl::Status Store::SaveTable(const Manifest& manifest, const Table& table,
                              const Progress& progress) const {
  const TableName name = {manifest.score_set, manifest.variant};
  OASIS_ASSIGN_OR_RETURN(const SnapshotRecord record,
                         rep_->catalog.Get(name, manifest.snapshot_id));
  return WriteTableFile(rep_->dirs.TableOf(name, manifest.snapshot_id), record.manifest_checksum,
                        table, progress);
}

absl::StatusOr<std::shared_ptr<const Table>> Store::ReadTable(const Manifest& manifest,
                                                              const TableBuilder::Options& options,
                                                              const Progress& progress) const {
  const TableName name = {manifest.score_set, manifest.variant};
  OASIS_ASSIGN_OR_RETURN(const SnapshotRecord record,
                         rep_->catalog.Get(name, manifest.snapshot_id));
  return ReadTableFile(rep_->dirs.TableOf(name, manifest.snapshot_id), record.manifest_checksum,
                       options, progress);
}

absl::StatusOr<std::vector<StoredSnapshot>> Store::List() const { return rep_->catalog.List(); }

absl::StatusOr<std::vector<TableName>> Store::Tables() const { return rep_->catalog.Tables(); }

absl::StatusOr<std::optional<std::string>> Store::Live(const TableName& table) const {
  OASIS_ASSIGN_OR_RETURN(TableRecord record, rep_->catalog.Table(table));
  if (record.live.empty()) return std::optional<std::string>();
  return std::optional<std::string>(std::move(record.live));
}

absl::Status Store::MarkLive(const TableName& table, absl::string_view snapshot_id, absl::Time now,
                             bool withdraws) {
  return rep_->catalog.MarkLive(table, snapshot_id, now, withdraws);
}

absl::Status Store::Reject(const Manifest& manifest) {
  return rep_->catalog.Reject({manifest.score_set, manifest.variant},
                              {manifest.snapshot_id, Checksum(EncodeManifest(manifest))});
}

absl::StatusOr<std::vector<RejectedSnapshot>> Store::Rejected(const TableName& table) const {
  OASIS_ASSIGN_OR_RETURN(TableRecord record, rep_->catalog.Table(table));
  return std::move(record.rejected);
}

absl::StatusOr<std::vector<std::string>> Store::Prune(const TableName& table, int keep) {
  const std::lock_guard<std::mutex> lock(rep_->dirs_mutex);
  OASIS_ASSIGN_OR_RETURN(std::vector<StoredSnapshot> snapshots, rep_->catalog.List(table));
  // List is newest accepted first, and the sort keeps that order among the never published.
  std::stable_sort(snapshots.begin(), snapshots.end(),
                   [](const StoredSnapshot& a, const StoredSnapshot& b) {
                     return a.live != b.live ? a.live : a.published > b.published;
                   });
  std::vector<std::string> removed;
  for (size_t i = static_cast<size_t>(std::max(keep, 1)); i < snapshots.size(); ++i) {
    const std::string& id = snapshots[i].snapshot_id;
    const absl::Status status = rep_->RemoveLocked(table, id);
    if (absl::IsFailedPrecondition(status)) continue;  // live or pinned
    OASIS_RETURN_IF_ERROR(status);
    removed.push_back(id);
  }
  return removed;
}

absl::Status Store::Remove(const TableName& table, absl::string_view snapshot_id) {
  const std::lock_guard<std::mutex> lock(rep_->dirs_mutex);
  OASIS_RETURN_IF_ERROR(rep_->catalog.Get(table, snapshot_id).status());
  return rep_->RemoveLocked(table, snapshot_id);
}

absl::StatusOr<std::optional<std::string>> Store::Pinned(const TableName& table) const {
  OASIS_ASSIGN_OR_RETURN(TableRecord record, rep_->catalog.Table(table));
  if (record.pinned.empty()) return std::optional<std::string>();
  return std::optional<std::string>(std::move(record.pinned));
}

absl::Status Store::Pin(const TableName& table, absl::string_view snapshot_id) {
  return rep_->catalog.Pin(table, snapshot_id);
}

absl::Status Store::Unpin(const TableName& table) { return rep_->catalog.Unpin(table); }

absl::StatusOr<absl::Time> Store::NewestPublished(const TableName& table) const {
  OASIS_ASSIGN_OR_RETURN(const TableRecord record, rep_->catalog.Table(table));
  return record.newest_published;
}

absl::StatusOr<std::vector<Override>> Store::Overrides() const {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> found,
                         rep_->state->Scan(kOverridePrefix));
  std::vector<Override> overrides;
  overrides.reserve(found.size());
  for (const auto& [key, value] : found) {
    absl::StatusOr<Override> override = DecodeOverride(value);
    if (!override.ok()) {
      return Annotate(override.status(), absl::StrCat("state of the store: record ", key));
    }
    overrides.push_back(*std::move(override));
  }
  return overrides;
}

absl::Status Store::PutOverrides(absl::Span<const Override> overrides) {
  rocksdb::WriteBatch batch;
  for (const Override& override : overrides) {
    batch.Put(OverrideKey(override.id), EncodeOverride(override));
  }
  return rep_->state->Write(std::move(batch));
}

absl::Status Store::DeleteOverrides(const std::vector<std::string>& ids) {
  rocksdb::WriteBatch batch;
  for (const std::string& id : ids) batch.Delete(OverrideKey(id));
  return rep_->state->Write(std::move(batch));
}

absl::Status Store::Journal(const JournalEntry& entry) { return rep_->journal.Append(entry); }

absl::StatusOr<std::vector<JournalEntry>> Store::ReadJournal(const JournalFilter& filter) const {
  return rep_->journal.Read(filter);
}

}  // namespace oasis
