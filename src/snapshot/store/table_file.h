// The file in which the store keeps the table of an accepted snapshot, beside the snapshot's own
// files, so that a restart need not build it from its rows.
#ifndef OASIS_SNAPSHOT_STORE_TABLE_FILE_H_
#define OASIS_SNAPSHOT_STORE_TABLE_FILE_H_

#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/snapshot.h"
#include "oasis/table.h"

namespace oasis {

// The file: 8 bytes "OASISTBL", the checksum of the snapshot's encoded manifest (which the caller
// knows), the image (Table::WriteImage), the XXH3-64 of all that. Written under another name and
// renamed, but not brought to the disk: one that a power cut spoiled is found out when it is read.
// `progress` is told of no numbers, but asked whether to go on; so it is by ReadTableFile.
absl::Status WriteTableFile(const std::filesystem::path& path, uint64_t manifest_checksum,
                            const Table& table, const Progress& progress);

// NotFound when there is no such file; DataLoss when it is damaged, of another snapshot or of
// another version of the layout.
absl::StatusOr<std::shared_ptr<const Table>> ReadTableFile(const std::filesystem::path& path,
                                                           uint64_t manifest_checksum,
                                                           const TableBuilder::Options& options,
                                                           const Progress& progress);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_TABLE_FILE_H_
