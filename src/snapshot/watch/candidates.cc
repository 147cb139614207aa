#include "snapshot/watch/candidates.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "machine/catching.h"
#include "oasis/manifest.h"
#include "oasis/status.h"
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

absl::StatusOr<SnapshotDirListing> ListSnapshotDirs(const std::filesystem::path& dir) {
  SnapshotDirListing found;
  std::error_code error;
  for (std::filesystem::directory_iterator it(dir, error), end; !error && it != end;
       it.increment(error)) {
    if (IsTemporary(it->path().filename().string())) continue;
    std::error_code closed;  // a missing file is no error of exists
    if (std::filesystem::exists(it->path() / std::string(kManifestFile), closed)) {
      found.dirs.push_back({it->path(), StampOf(it->path())});
    } else if (closed) {
      found.closed[it->path()] =
          FileError(closed.value(), it->path(), "cannot look for a snapshot in it");
    }
  }
  if (error) return FileError(error.value(), dir, "cannot list the watched directory");
  std::sort(found.dirs.begin(), found.dirs.end(),
            [](const StampedDir& a, const StampedDir& b) { return a.dir < b.dir; });
  return found;
}

bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

CandidateReader::Result CandidateReader::Read(const std::vector<StampedDir>& dirs) {
  Result result;
  std::map<std::filesystem::path, Known> seen;  // so that what is gone is forgotten
  for (const StampedDir& stamped : dirs) {
    Known& now = seen[stamped.dir];
    const auto known = known_.find(stamped.dir);
    if (known != known_.end() && known->second.stamp == stamped.stamp) {
      now = known->second;
    } else {
      Manifest manifest;
      const absl::Status read = Catching([&] {
        OASIS_ASSIGN_OR_RETURN(manifest, ReadManifest(stamped.dir));
        return absl::OkStatus();
      });
      if (read.ok()) {
        now.candidate = {stamped.dir,          {manifest.score_set, manifest.variant},
                         manifest.snapshot_id, manifest.created,
                         stamped.stamp,        Checksum(EncodeManifest(manifest))};
      }
      if (read.ok() || IsRefusal(read)) now.stamp = stamped.stamp;
    }
    if (now.candidate.has_value()) {
      result.candidates.push_back(*now.candidate);
    } else {
      result.unreadable.push_back(stamped);
    }
  }
  known_ = std::move(seen);
  return result;
}

}  // namespace oasis
