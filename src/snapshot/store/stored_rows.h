// The rows of an accepted snapshot, out of its RocksDB.
#ifndef OASIS_SNAPSHOT_STORE_STORED_ROWS_H_
#define OASIS_SNAPSHOT_STORE_STORED_ROWS_H_

#include <cstdint>
#include <filesystem>
#include <functional>

#include "absl/status/status.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"
#include "oasis/table.h"

namespace oasis {

// See Store::ReadRows. `items_per_part` are read by a thread before the next part is begun, the
// progress told, and an error of another thread heard of.
absl::Status ReadStoredRows(const std::filesystem::path& db, const Manifest& manifest, int threads,
                            const std::function<absl::Status(int thread, const ItemRow&)>& row,
                            const Progress& progress, int64_t items_per_part = kProgressEveryRows);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_STORED_ROWS_H_
