// A full disk, as far as a process can make one up.
#ifndef OASIS_TESTS_SUPPORT_FULL_DISK_H_
#define OASIS_TESTS_SUPPORT_FULL_DISK_H_

#include <signal.h>
#include <sys/resource.h>

namespace oasis::testing {

// As long as it lives, no file of this process can grow beyond `bytes`: the write fails, as on a
// full disk.
class FilesEndAt {
 public:
  explicit FilesEndAt(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FilesEndAt() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }
  FilesEndAt(const FilesEndAt&) = delete;
  FilesEndAt& operator=(const FilesEndAt&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_FULL_DISK_H_
