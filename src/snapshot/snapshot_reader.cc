#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "machine/parallel.h"
#include "oasis/limits.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/manifest_rules.h"
#include "snapshot/remedies.h"
#include "snapshot/row_scan.h"
#include "snapshot/snapshot_cursor.h"

namespace oasis {
namespace {

// Counts bytes over several files and tells the progress in time. Thread-safe.
class ByteProgress {
 public:
  ByteProgress(int64_t total, const Progress& progress) : total_(total), progress_(progress) {}

  absl::Status Advance(size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ += static_cast<int64_t>(bytes);
    if (done_ - told_ < kProgressEveryBytes && done_ != total_) return absl::OkStatus();
    told_ = done_;
    return progress_(done_, total_);
  }

 private:
  const int64_t total_;
  const Progress& progress_;
  std::mutex mutex_;
  int64_t done_ = 0;
  int64_t told_ = 0;
};

absl::Status VerifyFile(const std::filesystem::path& path, const ScoreFile& file,
                        ByteProgress* progress) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) return FileError(errno, path, "cannot look at it");
    return absl::DataLossError(absl::StrCat(path.string(), ": missing, but in the manifest"));
  }
  if (static_cast<uint64_t>(found.st_size) != file.bytes) {
    return absl::DataLossError(absl::StrCat(path.string(), ": has ", found.st_size,
                                            " bytes; the manifest says ", file.bytes));
  }
  StreamingChecksum checksum;
  OASIS_RETURN_IF_ERROR(ReadInPieces(path, [&](absl::string_view piece) {
    checksum.Update(piece);
    return progress->Advance(piece.size());
  }));
  if (checksum.Digest() == file.checksum) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path.string(), ": its checksum is ",
                                          FormatChecksum(checksum.Digest()), "; the manifest says ",
                                          FormatChecksum(file.checksum)));
}

}  // namespace

absl::Status ReadRows(const std::filesystem::path& dir, const Manifest& manifest,
                      const std::function<absl::Status(const ItemRow&)>& row,
                      const Progress& progress) {
  SnapshotCursor cursor(dir, manifest);
  return ForEachRow(cursor, manifest.items, row, progress);
}

absl::Status VerifyFiles(const std::filesystem::path& dir, const Manifest& manifest,
                         const Progress& progress) {
  ByteProgress bytes(TotalBytes(manifest), progress);
  return InParallel(manifest.files.size(), LoadThreads(), [&](size_t i, int /*thread*/) {
    const ScoreFile& file = manifest.files[i];
    return WithRemedy(VerifyFile(dir / file.name, file, &bytes), kGetAgain);
  });
}

}  // namespace oasis
