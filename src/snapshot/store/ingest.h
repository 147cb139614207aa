// From a snapshot's directory to a directory of the store: MANIFEST.json and a RocksDB of its rows.
#ifndef OASIS_SNAPSHOT_STORE_INGEST_H_
#define OASIS_SNAPSHOT_STORE_INGEST_H_

#include <cstdint>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"

namespace oasis {

// Makes `target` with db/ and, last, MANIFEST.json; all of it is on the disk when this returns. The
// score files become hard links where the file system allows and they may be written to, else
// copies; `source` is not changed. `progress` is in bytes. Gives the checksum of the manifest as it
// was encoded. After an error `target` may hold anything.
absl::StatusOr<uint64_t> IngestSnapshot(const std::filesystem::path& source,
                                        const Manifest& manifest,
                                        const std::filesystem::path& target,
                                        const Progress& progress);

// Makes a directory and those above it, and brings their names to the disk. OK when it is there.
absl::Status CreateDirsDurably(const std::filesystem::path& dir);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_INGEST_H_
