#include "snapshot/build/spill_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/file_io.h"

namespace oasis::build {

SpillFile::SpillFile(std::filesystem::path dir, size_t words)
    : dir_(std::move(dir)), words_(words) {}

SpillFile::~SpillFile() {
  if (fd_ >= 0) close(fd_);
}

absl::Status SpillFile::Open() {
  fd_ = open(dir_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd_ >= 0) return absl::OkStatus();
  // A file system that has no such files.
  std::string name = (dir_ / ".oasis-sort-XXXXXX").string();
  fd_ = mkostemp(name.data(), O_CLOEXEC);
  if (fd_ < 0) return FileError(errno, dir_, "cannot make a file for sorting; give --temp-dir");
  unlink(name.c_str());
  return absl::OkStatus();
}

absl::Status SpillFile::Append(const SortChunk& chunk) {
  if (fd_ < 0) OASIS_RETURN_IF_ERROR(Open());
  const SpilledRun run = {size_, chunk.size()};
  const auto run_bytes = static_cast<int64_t>(chunk.size() * words_ * sizeof(uint64_t));
  OASIS_RETURN_IF_ERROR(Write({chunk.record(0), chunk.size() * words_}, run_bytes));
  runs_.push_back(run);
  return absl::OkStatus();
}

absl::Status SpillFile::Write(absl::Span<const uint64_t> words, int64_t run_bytes) {
  const char* at = reinterpret_cast<const char*>(words.data());
  size_t left = words.size() * sizeof(uint64_t);
  while (left > 0) {
    const ssize_t written = pwrite(fd_, at, left, size_);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const bool no_room = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
      const absl::Status error = FileError(errno, dir_, "cannot write sorted rows");
      return absl::Status(
          no_room ? absl::StatusCode::kResourceExhausted : error.code(),
          absl::StrCat(error.message(), " (", size_, " bytes written, ", run_bytes,
                       " more for this part of the input; give a --temp-dir with more room)"));
    }
    at += written;
    left -= static_cast<size_t>(written);
    size_ += written;
  }
  return absl::OkStatus();
}

absl::Status SpillFile::Read(int64_t offset, absl::Span<uint64_t> words) const {
  char* at = reinterpret_cast<char*>(words.data());
  size_t left = words.size() * sizeof(uint64_t);
  posix_fadvise(fd_, offset + static_cast<off_t>(left), static_cast<off_t>(left),
                POSIX_FADV_WILLNEED);
  while (left > 0) {
    const ssize_t got = pread(fd_, at, left, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(errno, dir_, "cannot read sorted rows back");
    if (got == 0) {
      return absl::DataLossError(
          absl::StrCat(dir_.string(), ": the file of sorted rows is shorter than was written"));
    }
    at += got;
    left -= static_cast<size_t>(got);
    offset += got;
  }
  return absl::OkStatus();
}

}  // namespace oasis::build
