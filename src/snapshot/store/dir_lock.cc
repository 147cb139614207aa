#include "snapshot/store/dir_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "snapshot/file_io.h"

namespace oasis {
namespace {

std::string HolderOf(const std::filesystem::path& lock) {
  const absl::StatusOr<std::string> pid = ReadWholeFile(lock, 64);
  const absl::string_view digits = pid.ok() ? absl::StripAsciiWhitespace(*pid) : "";
  return digits.empty() ? "another process" : absl::StrCat("process ", digits);
}

}  // namespace

absl::StatusOr<DirLock> DirLock::Take(const std::filesystem::path& dir) {
  const std::filesystem::path path = dir / "LOCK";
  DirLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.fd_ < 0) return FileError(errno, path, "cannot open the lock of the data directory");
  if (flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileError(errno, path, "cannot lock the data directory");
    return absl::FailedPreconditionError(
        absl::StrCat(dir.string(), ": ", HolderOf(path),
                     " is using this data directory; stop it, or give this one a directory of its "
                     "own"));
  }
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock.fd_, 0) != 0 || pwrite(lock.fd_, pid.data(), pid.size(), 0) < 0) {
    return FileError(errno, path, "cannot write the process id");
  }
  return lock;
}

DirLock::DirLock(DirLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DirLock::~DirLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace oasis
