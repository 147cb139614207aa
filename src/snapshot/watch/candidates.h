// What lies in the watched directory.
#ifndef OASIS_SNAPSHOT_WATCH_CANDIDATES_H_
#define OASIS_SNAPSHOT_WATCH_CANDIDATES_H_

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/watcher.h"

namespace oasis {

// A directory with a manifest, by its name and stamp only.
struct StampedDir {
  std::filesystem::path dir;
  std::string stamp;
};

struct SnapshotDirListing {
  std::vector<StampedDir> dirs;                          // by name
  std::map<std::filesystem::path, absl::Status> closed;  // that may not be looked into, and why
};

// The directories right below `dir` that have a manifest. Hidden ones, those that end in .tmp, and
// those without a manifest (unfinished, or something else) are left out.
absl::StatusOr<SnapshotDirListing> ListSnapshotDirs(const std::filesystem::path& dir);

// Whether a load failed for what the snapshot is, so that the same files will always fail. A full
// disk, a pin and the like may pass.
bool IsRefusal(const absl::Status& status);

// Reads manifests, each once as long as the stamp stays the same, also those that are refused. Not
// thread-safe.
class CandidateReader {
 public:
  struct Result {
    std::vector<Candidate> candidates;
    std::vector<StampedDir> unreadable;
  };

  Result Read(const std::vector<StampedDir>& dirs);

 private:
  struct Known {
    std::string stamp;
    std::optional<Candidate> candidate;  // none: its manifest is refused
  };
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_WATCH_CANDIDATES_H_
