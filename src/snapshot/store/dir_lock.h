// A lock on a directory that a process holds while it lives, however it ends.
#ifndef OASIS_SNAPSHOT_STORE_DIR_LOCK_H_
#define OASIS_SNAPSHOT_STORE_DIR_LOCK_H_

#include <filesystem>

#include "absl/status/statusor.h"

namespace oasis {

// Holds an flock on <dir>/LOCK, in which stands the process id of the holder.
class DirLock {
 public:
  // FailedPrecondition when someone else holds it; the message names the directory and the process.
  static absl::StatusOr<DirLock> Take(const std::filesystem::path& dir);

  DirLock(DirLock&& other) noexcept;
  DirLock& operator=(DirLock&&) = delete;
  ~DirLock();

 private:
  explicit DirLock(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_DIR_LOCK_H_
