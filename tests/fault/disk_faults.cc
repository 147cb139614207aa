#include "fault/disk_faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace oasis::testing {
namespace {

enum class StepKind { kWrite, kTakesRoom, kSync, kTakesNone };

std::atomic<bool> g_armed{false};
std::mutex g_mutex;  // guards what follows
DiskFault g_fault = DiskFault::kOnce;
int64_t g_at = 0;
DiskSteps g_done;

[[noreturn]] void DieHere() {
  kill(getpid(), SIGKILL);
  while (true) pause();
}

std::string PathOf(int fd) {
  std::array<char, 4096> path;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return size < 0 ? "?" : std::string(path.data(), static_cast<size_t>(size));
}

// Counts a step; the error number it shall fail with, or 0. `tear` is set for the write of which
// half is to be done.
int Step(StepKind kind, const char* what, int fd, const char* path, bool* tear = nullptr) {
  if (!g_armed) return 0;
  const std::lock_guard<std::mutex> lock(g_mutex);
  if (g_fault == DiskFault::kDieTorn && kind != StepKind::kWrite) return 0;
  const int64_t step = ++g_done.steps;
  if (g_at == 0 || step < g_at || (step > g_at && g_fault == DiskFault::kOnce)) return 0;
  if (g_fault == DiskFault::kFull && kind == StepKind::kTakesNone) return 0;
  if (g_done.fault.empty()) {
    g_done.fault = std::string(what) + " " + (path != nullptr ? path : PathOf(fd));
    const bool tears = g_fault == DiskFault::kFull || g_fault == DiskFault::kDieTorn;
    if (tear != nullptr) *tear = tears;
  }
  if (g_fault == DiskFault::kDie) DieHere();
  if (g_fault == DiskFault::kDieTorn) return 0;  // the caller dies when half is written
  return g_fault == DiskFault::kFull && kind != StepKind::kSync ? ENOSPC : EIO;
}

// For calls that answer -1 and errno.
bool Fails(StepKind kind, const char* what, int fd, const char* path) {
  const int error = Step(kind, what, fd, path);
  if (error != 0) errno = error;
  return error != 0;
}

bool IsOnDisk(int fd) {
  struct stat found;
  return fd > STDERR_FILENO && fstat(fd, &found) == 0 &&
         (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode));
}

// `real` writes that many bytes.
template <typename Real>
ssize_t WriteStep(const char* what, int fd, size_t size, const Real& real) {
  if (!g_armed || !IsOnDisk(fd)) return real(size);
  bool tear = false;
  const int error = Step(StepKind::kWrite, what, fd, nullptr, &tear);
  if (error == 0 && !tear) return real(size);
  const ssize_t half = tear && size > 1 ? real(size / 2) : 0;
  if (error == 0) DieHere();
  if (half > 0) return half;  // a short write; the next one fails
  errno = error;
  return -1;
}

int SyncStep(const char* what, int fd) {
  return Fails(StepKind::kSync, what, fd, nullptr) ? -1 : 0;
}

}  // namespace

void ArmDisk(DiskFault fault, int64_t at) {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_fault = fault;
  g_at = at;
  g_done = {};
  g_armed = true;
}

DiskSteps DisarmDisk() {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_armed = false;
  return g_done;
}

}  // namespace oasis::testing

using oasis::testing::Fails;
using oasis::testing::StepKind;

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  return oasis::testing::WriteStep("write", fd, size, [&](size_t some) {
    return static_cast<ssize_t>(syscall(SYS_write, fd, bytes, some));
  });
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return oasis::testing::WriteStep("pwrite", fd, size, [&](size_t some) {
    return static_cast<ssize_t>(syscall(SYS_pwrite64, fd, bytes, some, offset));
  });
}

size_t fwrite(const void* bytes, size_t size, size_t count, FILE* file) {
  static const auto real = reinterpret_cast<decltype(&fwrite)>(dlsym(RTLD_NEXT, "fwrite"));
  const ssize_t written =
      oasis::testing::WriteStep("fwrite", fileno(file), size * count, [&](size_t some) {
        const bool whole = some == size * count;
        const size_t done =
            whole ? size * real(bytes, size, count, file) : real(bytes, 1, some, file);
        if (!whole) fflush(file);
        return static_cast<ssize_t>(done);
      });
  return written < 0 || size == 0 ? 0 : static_cast<size_t>(written) / size;
}

FILE* fopen(const char* path, const char* mode) {
  static const auto real = reinterpret_cast<decltype(&fopen)>(dlsym(RTLD_NEXT, "fopen"));
  if (mode[0] != 'r' && Fails(StepKind::kTakesRoom, "fopen", -1, path)) return nullptr;
  return real(path, mode);
}

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
    if (Fails(StepKind::kTakesRoom, "open", -1, path)) return -1;
  }
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int fsync(int fd) { return oasis::testing::SyncStep("fsync", fd); }
int fdatasync(int fd) { return oasis::testing::SyncStep("fdatasync", fd); }

int ftruncate(int fd, off_t size) noexcept {
  if (Fails(StepKind::kTakesNone, "ftruncate", fd, nullptr)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, fd, size));
}

int rename(const char* from, const char* to) noexcept {
  if (Fails(StepKind::kTakesNone, "rename", -1, from)) return -1;
  return static_cast<int>(syscall(SYS_rename, from, to));
}

int renameat2(int from_dir, const char* from, int to_dir, const char* to, unsigned flags) noexcept {
  if (Fails(StepKind::kTakesNone, "renameat2", -1, from)) return -1;
  return static_cast<int>(syscall(SYS_renameat2, from_dir, from, to_dir, to, flags));
}

int link(const char* from, const char* to) noexcept {
  if (Fails(StepKind::kTakesRoom, "link", -1, to)) return -1;
  return static_cast<int>(syscall(SYS_link, from, to));
}

int linkat(int from_dir, const char* from, int to_dir, const char* to, int flags) noexcept {
  if (Fails(StepKind::kTakesRoom, "linkat", -1, to)) return -1;
  return static_cast<int>(syscall(SYS_linkat, from_dir, from, to_dir, to, flags));
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (Fails(StepKind::kTakesRoom, "mkdir", -1, path)) return -1;
  return static_cast<int>(syscall(SYS_mkdir, path, mode));
}

int rmdir(const char* path) noexcept {
  if (Fails(StepKind::kTakesNone, "rmdir", -1, path)) return -1;
  return static_cast<int>(syscall(SYS_rmdir, path));
}

int unlink(const char* path) noexcept {
  if (Fails(StepKind::kTakesNone, "unlink", -1, path)) return -1;
  return static_cast<int>(syscall(SYS_unlink, path));
}

int unlinkat(int dir, const char* path, int flags) noexcept {
  if (Fails(StepKind::kTakesNone, "unlinkat", -1, path)) return -1;
  return static_cast<int>(syscall(SYS_unlinkat, dir, path, flags));
}

int remove(const char* path) noexcept {
  if (Fails(StepKind::kTakesNone, "remove", -1, path)) return -1;
  const auto removed = static_cast<int>(syscall(SYS_unlink, path));
  return removed == 0 || errno != EISDIR ? removed : static_cast<int>(syscall(SYS_rmdir, path));
}

}  // extern "C"
