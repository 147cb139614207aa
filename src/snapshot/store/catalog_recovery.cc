#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/remedies.h"
#include "snapshot/store/catalog.h"

namespace oasis {
namespace {

std::set<std::string> KeysOf(const std::vector<SnapshotDirs::Found>& snapshots) {
  std::set<std::string> keys;
  for (const auto& [table, snapshot_id] : snapshots) keys.insert(SnapshotKey(table, snapshot_id));
  return keys;
}

}  // namespace

absl::Status Catalog::Recover(const SnapshotDirs& dirs, const SnapshotDirs::Recovered& recovered,
                              const Observer& observer) {
  OASIS_RETURN_IF_ERROR(RecoverSnapshots(dirs, recovered, observer));
  return RecoverTables(observer);
}

absl::Status Catalog::RecoverSnapshots(const SnapshotDirs& dirs,
                                       const SnapshotDirs::Recovered& recovered,
                                       const Observer& observer) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> entries,
                         state_.Scan(kSnapshotPrefix));
  const std::set<std::string> directories = KeysOf(recovered.complete);
  const std::set<std::string> removed = KeysOf(recovered.removed);
  std::set<std::string> recorded;
  rocksdb::WriteBatch gone;
  for (const auto& [key, value] : entries) {
    const absl::Status readable = DecodeSnapshotRecord(value).status();
    if (readable.ok() && directories.contains(key)) {
      recorded.insert(key);
      continue;
    }
    gone.Delete(key);
    if (readable.ok() && removed.contains(key)) continue;
    observer(readable.ok()
                 ? absl::DataLossError(absl::StrCat(key, ": its files are gone", kLoadAgain))
                 : Annotate(readable, key));
  }
  OASIS_RETURN_IF_ERROR(state_.Write(std::move(gone)));
  for (const auto& [table, snapshot_id] : recovered.complete) {
    if (recorded.contains(SnapshotKey(table, snapshot_id))) continue;
    const std::filesystem::path dir = dirs.DirOf(table, snapshot_id);
    const absl::StatusOr<Manifest> manifest = ReadManifest(dir);
    if (!manifest.ok()) {
      observer(Annotate(WithRemedy(manifest.status(), kLoadAgain), "passed over in the store"));
      continue;
    }
    if (SnapshotKey({manifest->score_set, manifest->variant}, manifest->snapshot_id) !=
        SnapshotKey(table, snapshot_id)) {
      observer(absl::DataLossError(absl::StrCat(
          dir.string(), ": passed over in the store: its manifest is of ", manifest->score_set, "/",
          manifest->variant, "/", manifest->snapshot_id, "; remove the directory")));
      continue;
    }
    std::error_code error;
    const auto written = std::filesystem::last_write_time(dir, error);
    if (error) {
      observer(FileError(error.value(), dir, "passed over in the store: cannot stat"));
      continue;
    }
    const auto age = std::filesystem::file_time_type::clock::now() - written;
    const uint64_t checksum = Checksum(EncodeManifest(*manifest));
    OASIS_RETURN_IF_ERROR(Add(*manifest, checksum, absl::Now() - absl::FromChrono(age)));
  }
  return absl::OkStatus();
}

absl::Status Catalog::RecoverTables(const Observer& observer) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> entries, state_.Scan(kTablePrefix));
  for (const auto& [key, value] : entries) {
    const absl::Status readable = DecodeTableRecord(value).status();
    TableName table;
    if (readable.ok() || !ParseTableKey(key, &table)) continue;
    // MarkLive writes both records at once: the live snapshot is the one that went live last.
    OASIS_RETURN_IF_ERROR(PutTable(table, {}));
    OASIS_ASSIGN_OR_RETURN(const std::vector<StoredSnapshot> snapshots, List(table));
    TableRecord record;
    absl::Time last = absl::InfinitePast();
    for (const StoredSnapshot& snapshot : snapshots) {
      if (snapshot.published == absl::InfinitePast()) continue;
      record.newest_published = std::max(record.newest_published, snapshot.created);
      if (snapshot.published > last) {
        last = snapshot.published;
        record.live = snapshot.snapshot_id;
      }
    }
    OASIS_RETURN_IF_ERROR(PutTable(table, record));
    observer(Annotate(readable, absl::StrCat(key,
                                             ": made again from the kept snapshots, without a "
                                             "pin")));
  }
  return absl::OkStatus();
}

}  // namespace oasis
