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

  struct Recovered {
    std::vector<Found> complete;
    std::vector<Found> removed;  // had been set aside; one that is complete may be among them
  };

  // Makes the root, removes what an interrupted TakeIn or removal left, and lists the rest.
  absl::StatusOr<Recovered> Recover() const;

  std::filesystem::path DirOf(const TableName& table, absl::string_view snapshot_id) const;
  // Its RocksDB.
  std::filesystem::path DbOf(const TableName& table, absl::string_view snapshot_id) const;
  // Its table, if it was kept.
  std::filesystem::path TableOf(const TableName& table, absl::string_view snapshot_id) const;

  // Makes a complete copy of the snapshot at `source` under a temporary name and renames it into
  // place. What may lie there changes places with it and is removed: at every moment one of them is
  // there. On an error nothing has changed. Gives the checksum of the manifest as it was encoded.
  absl::StatusOr<uint64_t> TakeIn(const std::filesystem::path& source, const Manifest& manifest,
                                  const Progress& progress) const;

  // A removal in two steps. SetAside takes the directory its name (OK when there is none): should
  // the server end then, it is removed at the next start. PutBack gives the name back.
  absl::Status SetAside(const TableName& table, absl::string_view snapshot_id) const;
  absl::Status PutBack(const TableName& table, absl::string_view snapshot_id) const;
  absl::Status RemoveSetAside(const TableName& table, absl::string_view snapshot_id) const;

 private:
  std::filesystem::path root_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_SNAPSHOT_DIRS_H_
