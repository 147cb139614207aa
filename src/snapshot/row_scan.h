// Reads rows out of RocksDB and checks each of them against the manifest: what is behind every read
// of a snapshot directory and of the store.
#ifndef OASIS_SNAPSHOT_ROW_SCAN_H_
#define OASIS_SNAPSHOT_ROW_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "oasis/table.h"
#include "rocksdb/iterator.h"
#include "snapshot/run_reader.h"

namespace oasis {

// Goes through the items of a snapshot in order, from one iterator or from several one after
// another. It knows from the manifest where each file begins and ends, so that files which were
// merged into one database are checked as closely as the files themselves. Not thread-safe.
class RowScan {
 public:
  // The manifest must outlive the scan.
  explicit RowScan(const Manifest& manifest) : manifest_(manifest), reader_(manifest) {}

  // Goes on before the first run of `runs`, which must outlive the last call of Next for them;
  // `place` is the file or database read.
  void Begin(rocksdb::Iterator* runs, std::string place);

  // Goes to the next item. DataLoss, beginning with the place and the item's number and key, when
  // something is not as the manifest says; the scan is of no more use then. REQUIRES: Begin was
  // called.
  absl::Status Next();

  // The item it stands at; null before the first and after the last of an iterator. Valid until the
  // next call of Next.
  const ItemRow* row() const { return at_row_ ? &reader_.row() : nullptr; }

  int64_t items_read() const { return items_; }

  // DataLoss unless exactly `files` files of the manifest have been read to their ends.
  absl::Status ExpectFilesRead(size_t files, absl::string_view what) const;

  // DataLoss unless everything the manifest announces has been read.
  absl::Status Finish(absl::string_view what) const;

 private:
  absl::Status CheckPlace(const ItemKey& key);

  const Manifest& manifest_;
  RunReader reader_;
  rocksdb::Iterator* runs_ = nullptr;
  std::string place_;
  bool at_row_ = false;
  size_t file_ = 0;            // the file being read
  int64_t items_of_file_ = 0;  // how many of its items have been
  int64_t items_ = 0;
  int64_t rows_read_ = 0;
};

// Calls `row` for each item of a RowScan or SnapshotCursor, and tells `progress` of the `items`
// there are. An error of the callbacks is returned as it is.
template <typename Rows>
absl::Status ForEachRow(Rows& rows, int64_t items,
                        const std::function<absl::Status(const ItemRow&)>& row,
                        const Progress& progress) {
  while (true) {
    OASIS_RETURN_IF_ERROR(rows.Next());
    if (rows.row() == nullptr) return absl::OkStatus();
    OASIS_RETURN_IF_ERROR(row(*rows.row()));
    const int64_t read = rows.items_read();
    if (read % kProgressEveryRows == 0 || read == items) {
      OASIS_RETURN_IF_ERROR(progress(read, items));
    }
  }
}

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_ROW_SCAN_H_
