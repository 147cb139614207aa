// Reads the items of a score file's runs.
#ifndef OASIS_SNAPSHOT_RUN_READER_H_
#define OASIS_SNAPSHOT_RUN_READER_H_

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "oasis/table.h"
#include "rocksdb/iterator.h"

namespace oasis {

// Goes through the items of one run after another and checks that their keys ascend from the first
// to the last. After an error, DataLoss that says where in the run, it is of no more use. Not
// thread-safe.
class RunReader {
 public:
  // The manifest must outlive the reader.
  explicit RunReader(const Manifest& manifest) : manifest_(manifest) {}

  // Goes to the first item of the run at which `runs` stands, and must stand until the last item
  // has been read. REQUIRES: runs.Valid().
  absl::Status Begin(const rocksdb::Iterator& runs);

  // Whether the item is the last one of its run.
  bool AtLast() const { return rest_.empty(); }

  // Goes to the next item. REQUIRES: not AtLast.
  absl::Status Next();

  // The item it stands at. REQUIRES: Begin was called.
  const ItemRow& row() const { return row_; }

 private:
  const Manifest& manifest_;
  size_t run_bytes_ = 0;
  absl::string_view rest_;  // of the run, after the item
  ItemRow row_;
  std::optional<ItemKey> previous_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_RUN_READER_H_
