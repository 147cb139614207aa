#include "snapshot/store/ingest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "machine/parallel.h"
#include "oasis/status.h"
#include "rocksdb/db.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/manifest_rules.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/store/rocksdb_options.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

// How much of all files is done.
struct Counter {
  const Progress& progress;
  int64_t done = 0;
  int64_t total = 0;

  absl::Status Add(int64_t bytes) {
    done += bytes;
    return progress(done, total);
  }
};

// RocksDB opens what it takes in for writing, to sync it: a file that this process may not write to
// is of no use to it as a link.
bool Link(const fs::path& source, const fs::path& target) {
  return faccessat(AT_FDCWD, source.c_str(), W_OK, AT_EACCESS) == 0 &&
         linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// A link may be refused for many reasons (another file system, another owner, too many links); a
// copy works or says why not.
absl::Status LinkOrCopy(const fs::path& source, const ScoreFile& file, const fs::path& target,
                        Counter& counter) {
  if (Link(source, target)) {
    OASIS_RETURN_IF_ERROR(counter.Add(static_cast<int64_t>(file.bytes)));
  } else {
    const auto count = [&](size_t bytes) { return counter.Add(static_cast<int64_t>(bytes)); };
    OASIS_RETURN_IF_ERROR(CopyFile(source, target, count));
  }
  struct stat found;
  if (stat(target.c_str(), &found) != 0) return FileError(errno, target, "cannot stat");
  if (static_cast<uint64_t>(found.st_size) != file.bytes) {
    return absl::DataLossError(absl::StrCat(source.string(), ": has ", found.st_size,
                                            " bytes, the manifest says ", file.bytes,
                                            "; the file was changed while it was loaded"));
  }
  return absl::OkStatus();
}

absl::Status IngestFiles(const std::vector<std::string>& files, const fs::path& db_dir) {
  rocksdb::Options options = QuietOptions();
  options.create_if_missing = true;
  options.error_if_exists = true;
  options.disable_auto_compactions = true;
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, db_dir.string(), &opened);
  if (!status.ok()) return FromRocksDb(status, db_dir.string());
  const std::unique_ptr<rocksdb::DB> db(opened);

  rocksdb::IngestExternalFileOptions ingest;
  ingest.move_files = true;                       // the links are ours to move
  ingest.write_global_seqno = false;              // the bytes are shared with the source
  ingest.allow_global_seqno = false;              // files that overlap are refused
  ingest.verify_checksums_before_ingest = false;  // every byte was just verified, every row will be
  if (!files.empty()) status = db->IngestExternalFile(files, ingest);
  if (status.ok()) status = db->Close();
  return FromRocksDb(status, db_dir.string());
}

absl::Status SyncFilesIn(const fs::path& dir) {
  std::error_code error;
  for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
    OASIS_RETURN_IF_ERROR(SyncPath(it->path()));
  }
  if (error) return FileError(error.value(), dir, "cannot list");
  return SyncPath(dir);
}

// Makes db/ of the target.
absl::Status IngestRows(const fs::path& source, const Manifest& manifest, const fs::path& target,
                        const Progress& progress) {
  Counter counter{progress, 0, TotalBytes(manifest)};
  const fs::path links = target / "links";
  OASIS_RETURN_IF_ERROR(CreateDirsDurably(links));
  std::vector<std::string> files;
  for (const ScoreFile& file : manifest.files) {
    files.push_back((links / file.name).string());
    OASIS_RETURN_IF_ERROR(LinkOrCopy(source / file.name, file, files.back(), counter));
  }
  const fs::path db = target / "db";
  // RocksDB names a directory that is gone when the error is read.
  OASIS_RETURN_IF_ERROR(Annotate(IngestFiles(files, db), source.string()));
  OASIS_RETURN_IF_ERROR(SyncFilesIn(db));
  if (rmdir(links.c_str()) != 0) return FileError(errno, links, "cannot remove");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<uint64_t> IngestSnapshot(const fs::path& source, const Manifest& manifest,
                                        const fs::path& target, const Progress& progress) {
  OASIS_RETURN_IF_ERROR(CreateDirsDurably(target));
  std::string manifest_bytes;
  const auto rows_or_manifest = [&](size_t job, int /*thread*/) {
    if (job == 0) return IngestRows(source, manifest, target, progress);
    manifest_bytes = EncodeManifest(manifest);
    return absl::OkStatus();
  };
  OASIS_RETURN_IF_ERROR(InParallel(2, LoadThreads(), rows_or_manifest));
  OASIS_RETURN_IF_ERROR(WriteFileDurably(target / std::string(kManifestFile), manifest_bytes));
  return Checksum(manifest_bytes);
}

absl::Status CreateDirsDurably(const fs::path& dir) {
  std::error_code error;
  if (fs::is_directory(dir, error)) return absl::OkStatus();
  if (dir.has_parent_path() && dir.parent_path() != dir) {
    OASIS_RETURN_IF_ERROR(CreateDirsDurably(dir.parent_path()));
  }
  if (mkdir(dir.c_str(), 0755) != 0 && errno != EEXIST) {
    return FileError(errno, dir, "cannot make the directory");
  }
  if (!fs::is_directory(dir, error)) return FileError(ENOTDIR, dir, "cannot make the directory");
  return SyncPath(dir.parent_path());
}

}  // namespace oasis
