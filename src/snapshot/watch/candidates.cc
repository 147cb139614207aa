#include "snapshot/watch/candidates.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/manifest.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"

namespace oasis {
namespace {

bool IsTemporary(absl::string_view name) {
  return absl::StartsWith(name, ".") || absl::EndsWith(name, ".tmp");
}

// All files count, not only the manifest: a directory that is copied into place may get its
// manifest first, and a damaged file may be replaced by a good one.
std::string StampOf(const std::filesystem::path& dir) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(dir, error), end; !error && it != end;
       it.increment(error)) {
    struct stat file;
    if (stat(it->path().c_str(), &file) != 0) continue;
    files.push_back(absl::StrCat(it->path().filename().string(), ":", file.st_dev, ":", file.st_ino,
                                 ":", file.st_size, ":", file.st_mtim.tv_sec, ".",
                                 file.st_mtim.tv_nsec));
  }
  std::sort(files.begin(), files.end());
  return FormatChecksum(Checksum(absl::StrJoin(files, "/")));
}

}  // namespace

absl::StatusOr<std::vector<StampedDir>> ListSnapshotDirs(const std::filesystem::path& dir) {
  std::vector<StampedDir> found;
  std::error_code error;
  for (std::filesystem::directory_iterator it(dir, error), end; !error && it != end;
       it.increment(error)) {
    if (IsTemporary(it->path().filename().string())) continue;
    std::error_code no_manifest;
    if (!std::filesystem::exists(it->path() / std::string(kManifestFile), no_manifest)) continue;
    found.push_back({it->path(), StampOf(it->path())});
  }
  if (error) return FileError(error.value(), dir, "cannot list the watched directory");
  std::sort(found.begin(), found.end(),
            [](const StampedDir& a, const StampedDir& b) { return a.dir < b.dir; });
  return found;
}

CandidateReader::Result CandidateReader::Read(const std::vector<StampedDir>& dirs) {
  Result result;
  std::map<std::filesystem::path, Candidate> seen;  // so that what is gone is forgotten
  for (const StampedDir& stamped : dirs) {
    const auto known = known_.find(stamped.dir);
    if (known != known_.end() && known->second.stamp == stamped.stamp) {
      seen.insert(*known);
      continue;
    }
    const absl::StatusOr<Manifest> manifest = ReadManifest(stamped.dir);
    if (!manifest.ok()) {
      result.unreadable.push_back(stamped);
      continue;
    }
    seen[stamped.dir] = {stamped.dir,
                         {manifest->score_set, manifest->variant},
                         manifest->snapshot_id,
                         manifest->created,
                         stamped.stamp};
  }
  known_ = std::move(seen);
  for (const auto& [dir, candidate] : known_) result.candidates.push_back(candidate);
  return result;
}

}  // namespace oasis
