#include "snapshot/store/catalog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/manifest_rules.h"

namespace oasis {
namespace {

std::string NameForPeople(const TableName& table) {
  return absl::StrCat(table.score_set, "/", table.variant);
}

absl::Status NotKept(const TableName& table, absl::string_view snapshot_id) {
  return absl::NotFoundError(absl::StrCat("snapshot '", snapshot_id, "' of ", NameForPeople(table),
                                          " is not in the store; `oasis snapshot list` shows those "
                                          "that are"));
}

// Whether `one` is of these bytes, or of all under their id.
bool Covers(const RejectedSnapshot& one, absl::string_view snapshot_id, uint64_t checksum) {
  return one.snapshot_id == snapshot_id &&
         (one.manifest_checksum == 0 || one.manifest_checksum == checksum);
}

void AddRejected(const RejectedSnapshot& snapshot, TableRecord& record) {
  std::vector<RejectedSnapshot>& rejected = record.rejected;
  const auto is_of_all_bytes = [&](const RejectedSnapshot& one) {
    return one.snapshot_id == snapshot.snapshot_id && one.manifest_checksum == 0;
  };
  if (snapshot.manifest_checksum != 0 &&
      std::any_of(rejected.begin(), rejected.end(), is_of_all_bytes)) {
    return;
  }
  std::erase_if(rejected, [&](const RejectedSnapshot& one) {
    return Covers(snapshot, one.snapshot_id, one.manifest_checksum);
  });
  if (rejected.size() >= kMaxRejectedSnapshots) {
    const auto of_bytes =
        std::find_if(rejected.begin(), rejected.end(),
                     [](const RejectedSnapshot& one) { return one.manifest_checksum != 0; });
    rejected.erase(of_bytes == rejected.end() ? rejected.begin() : of_bytes);
  }
  rejected.push_back(snapshot);
}

absl::Status Put(StateDb& state, const std::string& key, const std::string& value) {
  rocksdb::WriteBatch batch;
  batch.Put(key, value);
  return state.Write(std::move(batch));
}

}  // namespace

absl::StatusOr<std::optional<SnapshotRecord>> Catalog::Find(const TableName& table,
                                                            absl::string_view snapshot_id) const {
  const std::string key = SnapshotKey(table, snapshot_id);
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state_.Get(key));
  if (!bytes.has_value()) return std::optional<SnapshotRecord>();
  absl::StatusOr<SnapshotRecord> record = DecodeSnapshotRecord(*bytes);
  if (!record.ok()) return Annotate(record.status(), absl::StrCat("state of the store: ", key));
  return std::optional<SnapshotRecord>(*std::move(record));
}

absl::StatusOr<SnapshotRecord> Catalog::Get(const TableName& table,
                                            absl::string_view snapshot_id) const {
  OASIS_ASSIGN_OR_RETURN(const std::optional<SnapshotRecord> record, Find(table, snapshot_id));
  if (!record.has_value()) return NotKept(table, snapshot_id);
  return *record;
}

absl::StatusOr<TableRecord> Catalog::Table(const TableName& table) const {
  const std::string key = TableKey(table);
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state_.Get(key));
  if (!bytes.has_value()) return TableRecord();
  absl::StatusOr<TableRecord> record = DecodeTableRecord(*bytes);
  if (!record.ok()) return Annotate(record.status(), absl::StrCat("state of the store: ", key));
  return record;
}

absl::StatusOr<std::vector<TableName>> Catalog::Tables() const {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> entries, state_.Scan(kTablePrefix));
  std::vector<TableName> tables;
  for (const auto& [key, value] : entries) {
    TableName table;
    if (ParseTableKey(key, &table)) tables.push_back(std::move(table));
  }
  std::sort(tables.begin(), tables.end());
  return tables;
}

absl::StatusOr<std::vector<StoredSnapshot>> Catalog::List(
    const std::optional<TableName>& of) const {
  const std::string prefix = of.has_value() ? SnapshotKey(*of, "") : std::string(kSnapshotPrefix);
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> entries, state_.Scan(prefix));
  std::vector<StoredSnapshot> snapshots;
  for (const auto& [key, value] : entries) {
    StoredSnapshot& stored = snapshots.emplace_back();
    absl::StatusOr<SnapshotRecord> record = DecodeSnapshotRecord(value);
    absl::Status readable = record.status();
    if (readable.ok() && !ParseSnapshotKey(key, &stored.table, &stored.snapshot_id)) {
      readable = absl::DataLossError(
          "its key is not that of a snapshot; restart the server, which drops it");
    }
    if (!readable.ok()) return Annotate(readable, absl::StrCat("state of the store: ", key));
    OASIS_ASSIGN_OR_RETURN(const TableRecord table, Table(stored.table));
    stored.created = record->created;
    stored.accepted = record->accepted;
    stored.published = record->published;
    stored.items = record->items;
    stored.rows = record->rows;
    stored.disk_bytes = record->disk_bytes;
    stored.live = stored.snapshot_id == table.live;
    stored.withdrawn = record->withdrawn;
  }
  std::stable_sort(snapshots.begin(), snapshots.end(),
                   [](const StoredSnapshot& a, const StoredSnapshot& b) {
                     return a.table != b.table ? a.table < b.table : a.accepted > b.accepted;
                   });
  return snapshots;
}

absl::Status Catalog::Add(const Manifest& manifest, uint64_t checksum, absl::Time accepted) {
  SnapshotRecord record;
  record.created = manifest.created;
  record.accepted = accepted;
  record.items = manifest.items;
  record.rows = manifest.rows;
  record.manifest_checksum = checksum;
  record.disk_bytes = TotalBytes(manifest);
  return Put(state_, SnapshotKey({manifest.score_set, manifest.variant}, manifest.snapshot_id),
             EncodeSnapshotRecord(record));
}

absl::Status Catalog::Erase(const TableName& table, absl::string_view snapshot_id,
                            const std::function<absl::Status()>& before,
                            const std::function<absl::Status()>& undo) {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_ASSIGN_OR_RETURN(const TableRecord record, Table(table));
  if (record.live == snapshot_id) {
    return absl::FailedPreconditionError(absl::StrCat("snapshot '", snapshot_id, "' of ",
                                                      NameForPeople(table),
                                                      " is live: publish another one first"));
  }
  if (record.pinned == snapshot_id) {
    return absl::FailedPreconditionError(absl::StrCat(
        "snapshot '", snapshot_id, "' of ", NameForPeople(table), " is pinned: unpin it first"));
  }
  OASIS_RETURN_IF_ERROR(before());
  rocksdb::WriteBatch batch;
  batch.Delete(SnapshotKey(table, snapshot_id));
  absl::Status erased = state_.Write(std::move(batch));
  if (!erased.ok()) undo().IgnoreError();  // the next Open forgets the record then
  return erased;
}

absl::Status Catalog::MarkLive(const TableName& table, absl::string_view snapshot_id,
                               absl::Time now, bool withdraws) {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_ASSIGN_OR_RETURN(SnapshotRecord snapshot, Get(table, snapshot_id));
  OASIS_ASSIGN_OR_RETURN(TableRecord record, Table(table));
  rocksdb::WriteBatch batch;
  if (withdraws && record.live != snapshot_id) {
    OASIS_ASSIGN_OR_RETURN(std::optional<SnapshotRecord> previous, Find(table, record.live));
    if (previous.has_value()) {
      previous->withdrawn = true;
      batch.Put(SnapshotKey(table, record.live), EncodeSnapshotRecord(*previous));
    }
    if (!record.live.empty()) AddRejected({record.live, 0}, record);
  }
  // What was live before what must be known by the times alone, also when the clock was put back.
  OASIS_ASSIGN_OR_RETURN(const std::vector<StoredSnapshot> others, List(table));
  snapshot.published = now;
  for (const StoredSnapshot& other : others) {
    snapshot.published = std::max(snapshot.published, other.published + absl::Milliseconds(1));
  }
  snapshot.withdrawn = false;
  std::erase_if(record.rejected, [&](const RejectedSnapshot& one) {
    return Covers(one, snapshot_id, snapshot.manifest_checksum);
  });
  record.live = std::string(snapshot_id);
  record.newest_published = std::max(record.newest_published, snapshot.created);
  batch.Put(SnapshotKey(table, snapshot_id), EncodeSnapshotRecord(snapshot));
  batch.Put(TableKey(table), EncodeTableRecord(record));
  return state_.Write(std::move(batch));
}

absl::Status Catalog::Reject(const TableName& table, const RejectedSnapshot& snapshot) {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_ASSIGN_OR_RETURN(TableRecord record, Table(table));
  AddRejected(snapshot, record);
  return PutTable(table, record);
}

absl::Status Catalog::Pin(const TableName& table, absl::string_view snapshot_id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_RETURN_IF_ERROR(Get(table, snapshot_id).status());
  OASIS_ASSIGN_OR_RETURN(TableRecord record, Table(table));
  record.pinned = std::string(snapshot_id);
  return PutTable(table, record);
}

absl::Status Catalog::Unpin(const TableName& table) {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_ASSIGN_OR_RETURN(TableRecord record, Table(table));
  if (record.pinned.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(NameForPeople(table), " is not pinned"));
  }
  record.pinned.clear();
  return PutTable(table, record);
}

absl::Status Catalog::PutTable(const TableName& table, const TableRecord& record) {
  return Put(state_, TableKey(table), EncodeTableRecord(record));
}

}  // namespace oasis
