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
  // Of a terminal that went. Not under nohup: what is blocked comes here though it is ignored.
  struct sigaction hangup = {};
  if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
    sigaddset(&set, SIGHUP);
  }
  return set;
}

}  // namespace

Interrupt::Interrupt(int exit_code_of_the_second, std::function<void(const StopSignal&)> told)
    : exit_code_of_the_second_(exit_code_of_the_second), told_(std::move(told)) {
  const sigset_t set = HandledSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  stop_ = eventfd(0, EFD_CLOEXEC);
  reader_ = std::thread([this] { ReadSignals(); });
  teller_ = std::thread([this] { TellOfTheFirst(); });
}

Interrupt::~Interrupt() {
  const uint64_t one = 1;
  if (write(stop_, &one, sizeof(one)) == sizeof(one)) reader_.join();
  teller_.join();
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
    if (fds[1].revents != 0) break;
    signalfd_siginfo info;
    if (read(signals_, &info, sizeof(info)) != sizeof(info)) continue;
    if (seen_.exchange(true)) _exit(exit_code_of_the_second_);
    first_.set_value(StopSignal{static_cast<int>(info.ssi_signo), static_cast<int>(info.ssi_pid)});
  }
  if (!seen_) first_.set_value(std::nullopt);
}

void Interrupt::TellOfTheFirst() {
  const std::optional<StopSignal> signal = first_.get_future().get();
  if (signal.has_value()) told_(*signal);
}

}  // namespace oasis
