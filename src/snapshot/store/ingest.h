// From a snapshot's directory to a directory of the store: MANIFEST.json and a RocksDB of its rows.
#ifndef OASIS_SNAPSHOT_STORE_INGEST_H_
#define OASIS_SNAPSHOT_STORE_INGEST_H_

#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"

namespace oasis {

// Makes `target` with db/ and, last, MANIFEST.json; all of it is on the disk when this returns. The
// score files become hard links where the file system allows and they may be written to, else
// copies; `source` is not changed. `manifest_bytes` is the manifest encoded. `progress` is in
// bytes. After an error `target` may hold anything.
absl::Status IngestSnapshot(const std::filesystem::path& source, const Manifest& manifest,
                            absl::string_view manifest_bytes, const std::filesystem::path& target,
                            const Progress& progress);

// Makes a directory and those above it, and brings their names to the disk. OK when it is there.
absl::Status CreateDirsDurably(const std::filesystem::path& dir);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_INGEST_H_
