// The items of a snapshot directory one after another, for whoever reads several at once.
#ifndef OASIS_SNAPSHOT_DIFF_SNAPSHOT_CURSOR_H_
#define OASIS_SNAPSHOT_DIFF_SNAPSHOT_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/manifest.h"
#include "oasis/table.h"
#include "rocksdb/iterator.h"
#include "rocksdb/sst_file_reader.h"

namespace oasis {

// Checks each row, the order of the keys and the count of items, but not the files' checksums: that
// is VerifySnapshot. Not thread-safe.
class SnapshotCursor {
 public:
  // Reads the manifest and stands at the first item.
  static absl::StatusOr<SnapshotCursor> Open(const std::filesystem::path& dir);

  const Manifest& manifest() const { return *manifest_; }

  // The item it stands at; null at the end. Valid until the next call of Next.
  const ItemRow* row() const { return at_end_ ? nullptr : &row_; }

  // DataLoss naming file and item.
  absl::Status Next();

  int64_t items_read() const { return items_; }

 private:
  SnapshotCursor(std::filesystem::path dir, Manifest manifest);

  // Goes to the next file with an item that was not read yet.
  absl::Status OpenNextFile();
  absl::Status Decode();
  std::string Place() const;

  std::filesystem::path dir_;
  std::unique_ptr<const Manifest> manifest_;
  size_t files_opened_ = 0;
  std::unique_ptr<rocksdb::SstFileReader> file_;
  std::unique_ptr<rocksdb::Iterator> rows_;  // of file_, and let go of before it
  ItemRow row_;
  ItemKey previous_;
  int64_t items_ = 0;
  bool at_end_ = false;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_DIFF_SNAPSHOT_CURSOR_H_
