// Reads rows out of RocksDB and checks each of them against the manifest: the one loop behind
// ReadRows of a snapshot directory and of the store.
#ifndef OASIS_SNAPSHOT_ROW_SCAN_H_
#define OASIS_SNAPSHOT_ROW_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"
#include "oasis/table.h"
#include "rocksdb/iterator.h"

namespace oasis {

using RowCallback = std::function<absl::Status(const ItemRow&)>;

// Goes through the items of a snapshot in order, from one iterator or from several one after
// another. It knows from the manifest where each file begins and ends, so that files which were
// merged into one database are checked as closely as the files themselves. Not thread-safe.
class RowScan {
 public:
  // All three must outlive the scan.
  RowScan(const Manifest& manifest, const RowCallback& row, const Progress& progress)
      : manifest_(manifest), row_(row), progress_(progress) {}

  // Reads `rows` from its first key to its end. DataLoss, beginning with `what` (the file or
  // database read) and the item's number and key, when something is not as the manifest says. An
  // error of the callbacks is returned as it is.
  absl::Status Read(rocksdb::Iterator& rows, absl::string_view what);

  // DataLoss unless exactly `files` files of the manifest have been read to their ends.
  absl::Status ExpectFilesRead(size_t files, absl::string_view what) const;

  // DataLoss unless everything the manifest announces has been read.
  absl::Status Finish(absl::string_view what) const;

 private:
  absl::Status CheckKey(absl::string_view bytes);
  absl::Status ReadOne(const rocksdb::Iterator& rows);

  const Manifest& manifest_;
  const RowCallback& row_;
  const Progress& progress_;
  ItemRow item_;
  ItemKey previous_;
  size_t file_ = 0;            // the file being read
  int64_t items_of_file_ = 0;  // how many of its items have been
  int64_t items_ = 0;
  int64_t rows_read_ = 0;
};

// A whole scan of one iterator over all rows of a snapshot, for instance of its database.
absl::Status ScanRows(rocksdb::Iterator& rows, const Manifest& manifest, const RowCallback& row,
                      const Progress& progress, absl::string_view what);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_ROW_SCAN_H_
