// Waits for something to happen in a directory, or right below it.
#ifndef OASIS_SNAPSHOT_WATCH_DIR_EVENTS_H_
#define OASIS_SNAPSHOT_WATCH_DIR_EVENTS_H_

#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace oasis {

// By inotify; where the system has none to give, only the time wakes. Wake may be called from any
// thread, the rest from one.
class DirEvents {
 public:
  // ResourceExhausted or Unavailable when the system has no file descriptors left.
  static absl::StatusOr<std::unique_ptr<DirEvents>> Create(std::filesystem::path dir);

  ~DirEvents();
  DirEvents(const DirEvents&) = delete;
  DirEvents& operator=(const DirEvents&) = delete;

  // Whether inotify works: its error, if not, says what to do.
  const absl::Status& inotify() const { return inotify_status_; }

  // Watches the directory as it is now, with the subdirectories it has now. To be called before
  // each look at the directory: what happens after the look then ends the next Wait.
  void Refresh();

  // Returns when something happened since Refresh, `timeout` is over, or Wake was called.
  void Wait(absl::Duration timeout);

  void Wake();

 private:
  DirEvents(std::filesystem::path dir, int inotify_fd, int wake_fd, absl::Status inotify_status);

  const std::filesystem::path dir_;
  const int inotify_fd_;  // -1: none
  const int wake_fd_;
  const absl::Status inotify_status_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_WATCH_DIR_EVENTS_H_
