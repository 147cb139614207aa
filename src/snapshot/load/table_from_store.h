// A table out of the store's rows, and the last check before it may go live.
#ifndef OASIS_SNAPSHOT_LOAD_TABLE_FROM_STORE_H_
#define OASIS_SNAPSHOT_LOAD_TABLE_FROM_STORE_H_

#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"
#include "oasis/store.h"
#include "oasis/table.h"

namespace oasis {

// What the builder of a snapshot's table is told.
TableBuilder::Options TableOptions(const Manifest& manifest, bool huge_pages);

struct BuiltTable {
  std::shared_ptr<const Table> table;
  absl::Status kept;  // OK: it is as the store kept it; else why it was built from the rows
};

// The table of an accepted snapshot: as the store kept it, or else built from its rows; `progress`
// is in items.
absl::StatusOr<BuiltTable> BuildTable(const Store& store, const Manifest& manifest, bool huge_pages,
                                      const Progress& progress);

// The table of the verified snapshot at `dir`; errors are those of ReadRows.
absl::StatusOr<std::shared_ptr<const Table>> BuildTableOfFiles(const std::filesystem::path& dir,
                                                               const Manifest& manifest,
                                                               bool huge_pages,
                                                               const Progress& progress);

// Asks the table for the manifest's sentinels, as a request would. DataLoss names the snapshot,
// the item, the context, and what was expected and answered.
absl::Status CheckSentinels(const Table& table, const Manifest& manifest);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_LOAD_TABLE_FROM_STORE_H_
