// The snapshots/ directory of a store: where an accepted snapshot lies, and how its directory comes
// and goes whole.
#ifndef OASIS_SNAPSHOT_STORE_SNAPSHOT_DIRS_H_
#define OASIS_SNAPSHOT_STORE_SNAPSHOT_DIRS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"
#include "oasis/store.h"

namespace oasis {

// Not thread-safe: the store takes in or removes one snapshot at a time.
class SnapshotDirs {
 public:
  // REQUIRES (of all calls): the names of tables and snapshots are valid (ValidateName).
  explicit SnapshotDirs(std::filesystem::path root) : root_(std::move(root)) {}

  struct Found {
    TableName table;
    std::string snapshot_id;
  };

  // Makes the root, removes what an interrupted TakeIn or Remove left, and lists the rest.
  absl::StatusOr<std::vector<Found>> Recover() const;

  std::filesystem::path DirOf(const TableName& table, absl::string_view snapshot_id) const;
  // Its RocksDB.
  std::filesystem::path DbOf(const TableName& table, absl::string_view snapshot_id) const;

  // Makes a complete copy of the snapshot at `source` under a temporary name and renames it into
  // place, instead of what may lie there. On an error nothing has changed.
  absl::Status TakeIn(const std::filesystem::path& source, const Manifest& manifest,
                      const Progress& progress) const;

  // Removes a snapshot's directory; OK when there is none.
  absl::Status Remove(const TableName& table, absl::string_view snapshot_id) const;

 private:
  absl::Status Discard(const std::filesystem::path& dir) const;

  std::filesystem::path root_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_SNAPSHOT_DIRS_H_
