#include "snapshot/file_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"

namespace oasis {
namespace {

// A file descriptor that is closed at the end.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status Write(const Descriptor& file, const std::filesystem::path& path,
                   absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError(errno, path, "cannot write");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status Sync(const Descriptor& file, const std::filesystem::path& path) {
  if (fsync(file.get()) != 0) return FileError(errno, path, "cannot fsync");
  return absl::OkStatus();
}

absl::Status WriteAndSync(const std::filesystem::path& path, absl::string_view bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) return FileError(errno, path, "cannot create");
  OASIS_RETURN_IF_ERROR(Write(file, path, bytes));
  return Sync(file, path);
}

}  // namespace

absl::Status FileError(int error_number, const std::filesystem::path& path,
                       absl::string_view what) {
  const absl::Status status =
      absl::ErrnoToStatus(error_number, absl::StrCat(path.string(), ": ", what));
  absl::string_view remedy;
  if (error_number == ENOSPC || error_number == EDQUOT) remedy = kFreeRoom;
  if (error_number == EACCES || error_number == EPERM) remedy = kGiveAccess;
  return absl::Status(status.code(), absl::StrCat(status.message(), remedy));
}

absl::StatusOr<std::string> ReadWholeFile(const std::filesystem::path& path, size_t limit) {
  std::string bytes;
  struct stat found;
  if (stat(path.c_str(), &found) == 0) {
    bytes.reserve(std::min(static_cast<size_t>(found.st_size), limit));
  }
  const absl::Status read = ReadInPieces(path, [&](absl::string_view piece) {
    if (piece.size() > limit - bytes.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": longer than the limit of ", limit, " bytes"));
    }
    bytes.append(piece.data(), piece.size());
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return bytes;
}

absl::Status ReadInPieces(const std::filesystem::path& path,
                          const std::function<absl::Status(absl::string_view)>& piece) {
  const Descriptor file(path, O_RDONLY | O_NONBLOCK);
  if (file.get() < 0) return FileError(errno, path, "cannot open");
  struct stat found;
  if (fstat(file.get(), &found) != 0) return FileError(errno, path, "cannot stat");
  if (!S_ISREG(found.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": is not a regular file; put one in its place"));
  }
  posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  std::string buffer(kFilePieceBytes, '\0');
  while (true) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(errno, path, "cannot read");
    if (got == 0) return absl::OkStatus();
    OASIS_RETURN_IF_ERROR(piece(absl::string_view(buffer.data(), static_cast<size_t>(got))));
  }
}

absl::Status CopyFile(const std::filesystem::path& source, const std::filesystem::path& target,
                      const std::function<absl::Status(size_t)>& copied) {
  const Descriptor file(target, O_WRONLY | O_CREAT | O_EXCL);
  if (file.get() < 0) return FileError(errno, target, "cannot create");
  OASIS_RETURN_IF_ERROR(ReadInPieces(source, [&](absl::string_view piece) {
    absl::Status written = Write(file, target, piece);
    return written.ok() ? copied(piece.size()) : written;
  }));
  return Sync(file, target);
}

absl::Status WriteFileDurably(const std::filesystem::path& path, absl::string_view bytes) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  absl::Status status = WriteAndSync(temporary, bytes);
  if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) {
    status = FileError(errno, path, "cannot rename the temporary file to this name");
  }
  if (!status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  return SyncPath(path.parent_path());
}

absl::Status SyncPath(const std::filesystem::path& path) {
  const std::filesystem::path named = path.empty() ? "." : path;
  const Descriptor file(named, O_RDONLY);
  if (file.get() < 0) return FileError(errno, named, "cannot open");
  return Sync(file, named);
}

}  // namespace oasis
