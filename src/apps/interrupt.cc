#include "apps/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

namespace oasis {
namespace {

sigset_t HandledSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interrupt::Interrupt(int exit_code_of_the_second, std::function<void(const StopSignal&)> told)
    : exit_code_of_the_second_(exit_code_of_the_second), told_(std::move(told)) {
  const sigset_t set = HandledSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  stop_ = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { ReadSignals(); });
}

Interrupt::~Interrupt() {
  const uint64_t one = 1;
  if (write(stop_, &one, sizeof(one)) == sizeof(one)) thread_.join();
  close(signals_);
  close(stop_);
  const sigset_t set = HandledSignals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

absl::Status Interrupt::Check() const {
  return seen() ? absl::CancelledError("interrupted") : absl::OkStatus();
}

void Interrupt::ReadSignals() {
  std::array<pollfd, 2> fds = {{{signals_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  while (true) {
    if (poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[1].revents != 0) return;
    signalfd_siginfo info;
    if (read(signals_, &info, sizeof(info)) != sizeof(info)) continue;
    const bool again = seen_.exchange(true);
    told_({static_cast<int>(info.ssi_signo), static_cast<int>(info.ssi_pid), again});
    if (again) _exit(exit_code_of_the_second_);
  }
}

}  // namespace oasis
