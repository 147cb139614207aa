// What lies in the watched directory.
#ifndef OASIS_SNAPSHOT_WATCH_CANDIDATES_H_
#define OASIS_SNAPSHOT_WATCH_CANDIDATES_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "oasis/watcher.h"

namespace oasis {

// A directory with a manifest, by its name and stamp only.
struct StampedDir {
  std::filesystem::path dir;
  std::string stamp;
};

// The directories right below `dir` that have a manifest, by name. Hidden ones, those that end in
// .tmp, and those without a manifest (unfinished, or something else) are left out.
absl::StatusOr<std::vector<StampedDir>> ListSnapshotDirs(const std::filesystem::path& dir);

// Reads manifests, each once as long as the stamp stays the same. Not thread-safe.
class CandidateReader {
 public:
  struct Result {
    std::vector<Candidate> candidates;
    std::vector<StampedDir> unreadable;
  };

  Result Read(const std::vector<StampedDir>& dirs);

 private:
  std::map<std::filesystem::path, Candidate> known_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_WATCH_CANDIDATES_H_
