// Runs a real program in a test: start, wait, kill, read what it printed.
#ifndef OASIS_TESTS_SUPPORT_PROCESS_H_
#define OASIS_TESTS_SUPPORT_PROCESS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace oasis::testing {

// A child process. Its output goes to memory files, so it never blocks on a reader. It is killed
// when this object goes, and by the kernel when the test itself dies. Not thread-safe.
class Process {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;  // added to the test's own

  explicit Process(std::vector<std::string> argv, const Environment& environment = {})
      : out_(memfd_create("stdout", MFD_CLOEXEC)), err_(memfd_create("stderr", MFD_CLOEXEC)) {
    std::vector<char*> arguments;
    for (std::string& argument : argv) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) Exec(arguments, environment);
    if (pid_ < 0 || (pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0))) < 0) {
      perror("cannot start a process");
      abort();
    }
  }

  ~Process() {
    Signal(SIGKILL);
    WaitExit(std::chrono::seconds(60));
    close(pidfd_);
    close(out_);
    close(err_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running() { return !exited_ && !WaitExit(std::chrono::milliseconds(0)); }
  std::string out() const { return Contents(out_); }
  std::string err() const { return Contents(err_); }

  void Signal(int signal) {
    if (!exited_) kill(pid_, signal);
  }

  // True when the process has ended within `patience`.
  bool WaitExit(std::chrono::milliseconds patience) {
    if (exited_) return true;
    pollfd ended = {pidfd_, POLLIN, 0};
    if (poll(&ended, 1, static_cast<int>(patience.count())) <= 0) return false;
    int status = 0;
    if (waitpid(pid_, &status, 0) != pid_) abort();
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    exited_ = true;
    return true;
  }

  // The exit code, or 128 + the signal that ended it. A process that is still there after
  // `patience` fails the test and is killed.
  int Wait(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    if (!WaitExit(patience)) {
      ADD_FAILURE() << "still running after " << patience.count() << " ms; stderr:\n" << err();
      Signal(SIGKILL);
      WaitExit(std::chrono::seconds(60));
    }
    return exit_code_;
  }

 private:
  [[noreturn]] void Exec(const std::vector<char*>& arguments, const Environment& environment) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int input = open("/dev/null", O_RDONLY);
    dup2(input, STDIN_FILENO);
    dup2(out_, STDOUT_FILENO);
    dup2(err_, STDERR_FILENO);
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    execv(arguments[0], arguments.data());
    perror(arguments[0]);
    _exit(127);
  }

  static std::string Contents(int fd) {
    std::string contents;
    std::array<char, 65536> buffer;
    ssize_t got = 0;
    while ((got = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(contents.size()))) >
           0) {
      contents.append(buffer.data(), static_cast<size_t>(got));
    }
    return contents;
  }

  int out_;
  int err_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  bool exited_ = false;
  int exit_code_ = -1;
};

// How a program ended that was run to its end.
struct RunResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline RunResult RunProgram(std::vector<std::string> argv,
                            const Process::Environment& environment = {},
                            std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  Process process(std::move(argv), environment);
  const int exit_code = process.Wait(patience);
  return {exit_code, process.out(), process.err()};
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_PROCESS_H_
