// The rows of a snapshot in parts, which several threads can read at once.
#ifndef OASIS_SNAPSHOT_STORE_ROW_PARTS_H_
#define OASIS_SNAPSHOT_STORE_ROW_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "oasis/table.h"
#include "rocksdb/iterator.h"

namespace oasis {

// The runs of one score file whose first keys are from `begin` to before `end`; without these from
// its first run, to its last. The parts of a file hold every run that there can be.
struct RowPart {
  size_t file = 0;  // of the manifest
  std::optional<ItemKey> begin;
  std::optional<ItemKey> end;
};

// What a part held.
struct PartContent {
  int64_t items = 0;
  int64_t rows = 0;
  ItemKey first_key;  // if there are items
  ItemKey last_key;
};

// Cuts the files of a snapshot, in order, into parts of about so many items each, as if the keys
// were spread evenly.
std::vector<RowPart> CutIntoParts(const Manifest& manifest, int64_t items_per_part);

// Gives every item of a part to `row`, in order; `runs` reads its file, and `place` names that.
// DataLoss when keys do not ascend or a run is not as the manifest says.
absl::StatusOr<PartContent> ReadPart(const RowPart& part, const Manifest& manifest,
                                     rocksdb::Iterator& runs, absl::string_view place,
                                     const std::function<absl::Status(const ItemRow&)>& row);

// DataLoss unless the parts held all that the manifest announces, one after another: the items of
// each file, its first and its last key, the number of rows. `what` was read.
absl::Status CheckContents(const std::vector<RowPart>& parts,
                           const std::vector<PartContent>& contents, const Manifest& manifest,
                           absl::string_view what);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_ROW_PARTS_H_
