// A snapshot directory as a table in memory, without a store or a server.
#ifndef OASIS_APPS_TABLE_OF_SNAPSHOT_H_
#define OASIS_APPS_TABLE_OF_SNAPSHOT_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/table.h"

namespace oasis {

// "verify" or "read", and how much of it is done; anything but OK ends the work.
using StepProgress =
    std::function<absl::Status(absl::string_view step, int64_t done, int64_t total)>;

// Checks the files' bytes, builds the table of their rows and asks it for the sentinels.
// ResourceExhausted, before it takes any memory, where the table would not fit; otherwise errors
// are those of ReadManifest, VerifyFiles, ReadRows and CheckSentinels.
absl::StatusOr<std::shared_ptr<const Table>> TableOfSnapshot(const std::filesystem::path& dir,
                                                             const StepProgress& progress);

}  // namespace oasis

#endif  // OASIS_APPS_TABLE_OF_SNAPSHOT_H_
