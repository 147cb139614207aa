// What the store knows of tables and accepted snapshots: the records of its state, and their rules.
#ifndef OASIS_SNAPSHOT_STORE_CATALOG_H_
#define OASIS_SNAPSHOT_STORE_CATALOG_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/manifest.h"
#include "oasis/store.h"
#include "snapshot/store/snapshot_dirs.h"
#include "snapshot/store/state_db.h"
#include "snapshot/store/store_records.h"

namespace oasis {

// Thread-safe. Every change is on the disk when the call returns.
class Catalog {
 public:
  // Tells of damage that was found and how it was mended.
  using Observer = std::function<void(const absl::Status&)>;

  // `state` must outlive the catalog.
  explicit Catalog(StateDb& state) : state_(state) {}

  // At start: makes the records agree with the directories found. A record without directory goes
  // (silently after an interrupted removal), a directory without (readable) record gets one from
  // its manifest, an unreadable record of a table is made again from those of its snapshots.
  absl::Status Recover(const SnapshotDirs& dirs, const SnapshotDirs::Recovered& recovered,
                       const Observer& observer);

  absl::StatusOr<std::optional<SnapshotRecord>> Find(const TableName& table,
                                                     absl::string_view snapshot_id) const;
  // NotFound when there is none.
  absl::StatusOr<SnapshotRecord> Get(const TableName& table, absl::string_view snapshot_id) const;
  absl::StatusOr<TableRecord> Table(const TableName& table) const;  // an empty one if unknown
  absl::StatusOr<std::vector<TableName>> Tables() const;            // those with a record, by name
  // Of all tables, or of one; by table, then newest accepted first.
  absl::StatusOr<std::vector<StoredSnapshot>> List(const std::optional<TableName>& of = {}) const;

  // `checksum`: of the encoded manifest.
  absl::Status Add(const Manifest& manifest, uint64_t checksum, absl::Time accepted);
  // FailedPrecondition when it is live or pinned. `before` is called when the record may go, `undo`
  // when it could not go after all.
  absl::Status Erase(const TableName& table, absl::string_view snapshot_id,
                     const std::function<absl::Status()>& before,
                     const std::function<absl::Status()>& undo);
  // NotFound when the snapshot is not there. As Store::MarkLive.
  absl::Status MarkLive(const TableName& table, absl::string_view snapshot_id, absl::Time now,
                        bool withdraws);
  absl::Status Reject(const TableName& table, const RejectedSnapshot& snapshot);
  absl::Status Pin(const TableName& table, absl::string_view snapshot_id);
  absl::Status Unpin(const TableName& table);

 private:
  absl::Status PutTable(const TableName& table, const TableRecord& record);
  absl::Status RecoverSnapshots(const SnapshotDirs& dirs, const SnapshotDirs::Recovered& recovered,
                                const Observer& observer);
  absl::Status RecoverTables(const Observer& observer);

  StateDb& state_;
  std::mutex mutex_;  // from reading a record to writing it
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_CATALOG_H_
