// The items of a snapshot directory one after another, for whoever reads several at once.
#ifndef OASIS_SNAPSHOT_SNAPSHOT_CURSOR_H_
#define OASIS_SNAPSHOT_SNAPSHOT_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "oasis/manifest.h"
#include "oasis/table.h"
#include "rocksdb/iterator.h"
#include "rocksdb/sst_file_reader.h"
#include "snapshot/row_scan.h"

namespace oasis {

// Checks all that RowScan checks, file by file, but not the files' checksums: that is VerifyFiles.
// Not thread-safe.
class SnapshotCursor {
 public:
  // The manifest must outlive the cursor.
  SnapshotCursor(std::filesystem::path dir, const Manifest& manifest);

  // Goes to the next item; the first call to the first one. DataLoss naming file and item;
  // the cursor is of no more use then.
  absl::Status Next();

  // The item it stands at; null at the end. Valid until the next call of Next.
  const ItemRow* row() const { return scan_.row(); }

  int64_t items_read() const { return scan_.items_read(); }

 private:
  absl::Status Advance();
  absl::Status OpenNextFile();
  std::string Place() const;  // the file that is open

  std::filesystem::path dir_;
  const Manifest& manifest_;
  RowScan scan_;
  size_t files_opened_ = 0;
  std::unique_ptr<rocksdb::SstFileReader> file_;
  std::unique_ptr<rocksdb::Iterator> rows_;  // of file_, and let go of before it
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_SNAPSHOT_CURSOR_H_
