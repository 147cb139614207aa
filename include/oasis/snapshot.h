// A snapshot on disk: an immutable directory of SST files and a manifest (docs/snapshot_format.md).
#ifndef OASIS_SNAPSHOT_H_
#define OASIS_SNAPSHOT_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "oasis/table.h"

namespace oasis {

// Called every kProgressEveryRows rows or 64 MiB with how much is done of how much (same unit).
// Anything but OK ends the work with that status: that is how a caller cancels.
using Progress = std::function<absl::Status(int64_t done, int64_t total)>;

// Writes a snapshot directory: Create, Add items in ascending key order, Finish.
// A directory without a manifest is what an unfinished or failed writer leaves. Not thread-safe.
class SnapshotWriter {
 public:
  // `manifest` gives everything but items, rows, files, statistics and sentinels, which the writer
  // works out; an empty snapshot_id becomes one made of `created` and the content. AlreadyExists
  // when `dir` exists and is not empty. A score file ends with the item that reaches
  // `rows_per_file`.
  static absl::StatusOr<SnapshotWriter> Create(const std::filesystem::path& dir, Manifest manifest,
                                               int64_t rows_per_file = kRowsPerScoreFile);

  SnapshotWriter(SnapshotWriter&&) noexcept;
  SnapshotWriter& operator=(SnapshotWriter&&) noexcept;
  ~SnapshotWriter();

  // InvalidArgument when keys do not ascend or the row breaks a rule of ItemRow.
  absl::Status Add(const ItemRow& row);

  // Closes the files, writes the manifest and returns it.
  absl::StatusOr<Manifest> Finish();

 private:
  struct Rep;
  explicit SnapshotWriter(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

// Calls `row` for every item of the snapshot at `dir`, ascending. Checks each value, the order, and
// that counts and first and last keys are those of the manifest: DataLoss names file and place.
absl::Status ReadRows(const std::filesystem::path& dir, const Manifest& manifest,
                      const std::function<absl::Status(const ItemRow&)>& row,
                      const Progress& progress);

// Checks that every file is there with the bytes and checksum of the manifest. Reads all of it,
// several files at once; `progress` is called by one thread at a time.
absl::Status VerifyFiles(const std::filesystem::path& dir, const Manifest& manifest,
                         const Progress& progress);

// Everything that can be known of a snapshot without a server: manifest, files, rows, sentinels.
absl::StatusOr<Manifest> VerifySnapshot(const std::filesystem::path& dir, const Progress& progress);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_H_
