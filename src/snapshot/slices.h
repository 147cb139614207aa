// RocksDB's view of bytes, and ours.
#ifndef OASIS_SNAPSHOT_SLICES_H_
#define OASIS_SNAPSHOT_SLICES_H_

#include "absl/strings/string_view.h"
#include "rocksdb/slice.h"

namespace oasis {

inline rocksdb::Slice ToSlice(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_SLICES_H_
