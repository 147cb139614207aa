#include "snapshot/watch/dir_events.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "snapshot/file_io.h"

namespace oasis {
namespace {

constexpr uint32_t kInRoot = IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
// A manifest comes by rename, or by a copy that ends with a close.
constexpr uint32_t kInSnapshot = IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR;

}  // namespace

absl::StatusOr<std::unique_ptr<DirEvents>> DirEvents::Create(std::filesystem::path dir) {
  const int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd < 0) return FileError(errno, dir, "cannot be watched, no eventfd");
  const int inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  absl::Status inotify_status;
  if (inotify_fd < 0) {
    inotify_status = FileError(errno, dir,
                               "no inotify, new snapshots are found by the poll alone (raise "
                               "fs.inotify.max_user_instances)");
  }
  return std::unique_ptr<DirEvents>(
      new DirEvents(std::move(dir), inotify_fd, wake_fd, std::move(inotify_status)));
}

DirEvents::DirEvents(std::filesystem::path dir, int inotify_fd, int wake_fd,
                     absl::Status inotify_status)
    : dir_(std::move(dir)),
      inotify_fd_(inotify_fd),
      wake_fd_(wake_fd),
      inotify_status_(std::move(inotify_status)) {}

DirEvents::~DirEvents() {
  if (inotify_fd_ >= 0) close(inotify_fd_);
  close(wake_fd_);
}

// Adding a watch again changes nothing; the watch of a directory that is gone goes by itself. What
// cannot be watched is found by the poll.
void DirEvents::Refresh() {
  if (inotify_fd_ < 0) return;
  inotify_add_watch(inotify_fd_, dir_.c_str(), kInRoot);
  std::error_code error;
  for (std::filesystem::directory_iterator it(dir_, error), end; !error && it != end;
       it.increment(error)) {
    inotify_add_watch(inotify_fd_, it->path().c_str(), kInSnapshot);
  }
}

void DirEvents::Wait(absl::Duration timeout) {
  std::array<pollfd, 2> fds = {{{wake_fd_, POLLIN, 0}, {inotify_fd_, POLLIN, 0}}};
  const auto milliseconds = absl::ToInt64Milliseconds(timeout);
  poll(fds.data(), fds.size(), static_cast<int>(std::clamp<int64_t>(milliseconds, 1, 1 << 30)));
  // What the events say does not matter, only that there were some.
  alignas(inotify_event) std::array<char, 4096> events;
  while (inotify_fd_ >= 0 && read(inotify_fd_, events.data(), events.size()) > 0) {
  }
}

void DirEvents::Wake() {
  const uint64_t one = 1;
  // The counter can only be full when a wake is pending already.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof(one));
}

}  // namespace oasis
