#include "snapshot/store/snapshot_dirs.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "oasis/context.h"
#include "oasis/status.h"
#include "snapshot/file_io.h"
#include "snapshot/remedies.h"
#include "snapshot/store/ingest.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kAccepting = ".accepting";
constexpr absl::string_view kReplaced = ".replaced";
constexpr absl::string_view kRemoving = ".removing";

// "<table>/<id>" becomes "<table>/.<id><suffix>": no snapshot's name starts with a dot.
fs::path Hidden(const fs::path& dir, absl::string_view suffix) {
  return dir.parent_path() / absl::StrCat(".", dir.filename().string(), suffix);
}

absl::Status RemoveTree(const fs::path& dir) {
  std::error_code error;
  fs::remove_all(dir, error);
  if (error) return FileError(error.value(), dir, "cannot remove");
  return absl::OkStatus();
}

absl::Status Rename(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return FileError(errno, from, absl::StrCat("cannot rename to ", to.filename().string()));
}

// Gives `staging` the name of `dir`. What had that name gets the other one, in one step; where the
// file system cannot do that, it is gone between two steps.
absl::Status PutInPlace(const fs::path& staging, const fs::path& dir) {
  if (renameat2(AT_FDCWD, staging.c_str(), AT_FDCWD, dir.c_str(), RENAME_EXCHANGE) == 0) {
    return absl::OkStatus();
  }
  std::error_code error;
  if (errno == ENOENT || (!fs::exists(dir, error) && !error)) return Rename(staging, dir);
  const fs::path replaced = Hidden(dir, kReplaced);
  OASIS_RETURN_IF_ERROR(RemoveTree(replaced));
  OASIS_RETURN_IF_ERROR(Rename(dir, replaced));
  absl::Status status = Rename(staging, dir);
  if (!status.ok()) Rename(replaced, dir).IgnoreError();
  RemoveTree(replaced).IgnoreError();
  return status;
}

bool IsName(const fs::path& path) { return ValidateName("name", path.filename().string()).ok(); }

// Not through links: what they lead to is not the store's, or is so twice, and would be removed.
absl::StatusOr<std::vector<fs::path>> SubdirectoriesOf(const fs::path& dir) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
    if (fs::is_directory(it->symlink_status(error)) && !error) found.push_back(it->path());
  }
  if (error) return FileError(error.value(), dir, "cannot list");
  return found;
}

// The snapshot whose directory has the name that Hidden made with this suffix; empty if it has not.
std::string HiddenId(const fs::path& dir, absl::string_view suffix) {
  const std::string name = dir.filename().string();
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, ".") || !absl::ConsumeSuffix(&id, suffix)) return "";
  return std::string(id);
}

// Whether TakeIn or a removal was interrupted at this directory, or someone took its manifest away.
absl::StatusOr<bool> IsLeftover(const fs::path& dir) {
  if (!IsName(dir)) {
    for (absl::string_view suffix : {kAccepting, kReplaced, kRemoving}) {
      if (!HiddenId(dir, suffix).empty()) return true;
    }
    return false;
  }
  const fs::path manifest = dir / std::string(kManifestFile);
  std::error_code error;
  const bool complete = fs::exists(manifest, error);
  if (error) return FileError(error.value(), manifest, "cannot stat");
  return !complete;
}

}  // namespace

fs::path SnapshotDirs::DirOf(const TableName& table, absl::string_view snapshot_id) const {
  return root_ / table.score_set / table.variant / std::string(snapshot_id);
}

fs::path SnapshotDirs::DbOf(const TableName& table, absl::string_view snapshot_id) const {
  return DirOf(table, snapshot_id) / "db";
}

fs::path SnapshotDirs::TableOf(const TableName& table, absl::string_view snapshot_id) const {
  return DirOf(table, snapshot_id) / "table";
}

absl::StatusOr<SnapshotDirs::Recovered> SnapshotDirs::Recover() const {
  OASIS_RETURN_IF_ERROR(CreateDirsDurably(root_));
  Recovered recovered;
  OASIS_ASSIGN_OR_RETURN(const std::vector<fs::path> score_sets, SubdirectoriesOf(root_));
  for (const fs::path& score_set : score_sets) {
    if (!IsName(score_set)) continue;
    OASIS_ASSIGN_OR_RETURN(const std::vector<fs::path> variants, SubdirectoriesOf(score_set));
    for (const fs::path& variant : variants) {
      if (!IsName(variant)) continue;
      OASIS_ASSIGN_OR_RETURN(const std::vector<fs::path> snapshots, SubdirectoriesOf(variant));
      const TableName table = {score_set.filename().string(), variant.filename().string()};
      for (const fs::path& snapshot : snapshots) {
        OASIS_ASSIGN_OR_RETURN(const bool leftover, IsLeftover(snapshot));
        if (leftover) {
          OASIS_RETURN_IF_ERROR(RemoveTree(snapshot));
          const std::string removed = HiddenId(snapshot, kRemoving);
          if (!removed.empty()) recovered.removed.push_back({table, removed});
        } else if (IsName(snapshot)) {
          recovered.complete.push_back({table, snapshot.filename().string()});
        }
      }
    }
  }
  return recovered;
}

absl::StatusOr<uint64_t> SnapshotDirs::TakeIn(const fs::path& source, const Manifest& manifest,
                                              const Progress& progress) const {
  const fs::path dir = DirOf({manifest.score_set, manifest.variant}, manifest.snapshot_id);
  const fs::path staging = Hidden(dir, kAccepting);
  OASIS_RETURN_IF_ERROR(CreateDirsDurably(dir.parent_path()));
  OASIS_RETURN_IF_ERROR(RemoveTree(staging));
  const absl::StatusOr<uint64_t> checksum = IngestSnapshot(source, manifest, staging, progress);
  absl::Status status = WithRemedy(checksum.status(), kGetAgain);
  if (status.ok()) status = PutInPlace(staging, dir);
  if (status.ok()) status = SyncPath(dir.parent_path());
  RemoveTree(staging).IgnoreError();  // a failed copy, or what was in its place; else Recover does
  if (!status.ok()) return status;
  return *checksum;
}

absl::Status SnapshotDirs::SetAside(const TableName& table, absl::string_view snapshot_id) const {
  const fs::path dir = DirOf(table, snapshot_id);
  std::error_code error;
  if (!fs::exists(dir, error) && !error) return absl::OkStatus();
  const fs::path removing = Hidden(dir, kRemoving);
  OASIS_RETURN_IF_ERROR(RemoveTree(removing));
  OASIS_RETURN_IF_ERROR(Rename(dir, removing));
  return SyncPath(dir.parent_path());
}

absl::Status SnapshotDirs::PutBack(const TableName& table, absl::string_view snapshot_id) const {
  const fs::path dir = DirOf(table, snapshot_id);
  OASIS_RETURN_IF_ERROR(Rename(Hidden(dir, kRemoving), dir));
  return SyncPath(dir.parent_path());
}

absl::Status SnapshotDirs::RemoveSetAside(const TableName& table,
                                          absl::string_view snapshot_id) const {
  return RemoveTree(Hidden(DirOf(table, snapshot_id), kRemoving));
}

}  // namespace oasis
