// SIGINT, SIGTERM and SIGHUP: the first one is told, the second one ends the process.
#ifndef OASIS_APPS_INTERRUPT_H_
#define OASIS_APPS_INTERRUPT_H_

#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "absl/status/status.h"

namespace oasis {

struct StopSignal {
  int number = 0;
  int sender = 0;  // process id, 0: the kernel, as for Ctrl-C
};

// Takes these signals for as long as it lives, but SIGHUP not under nohup. One thread reads them
// and does nothing else: a second signal is for someone who will not wait, and calls _exit whatever
// the rest of the process does, `told` included. That has another thread, so it is not bound by the
// rules of signal handlers.
//
// Make it before any other thread, since those inherit the blocked signals. Thread-safe.
class Interrupt {
 public:
  // `told` is called with the first one.
  explicit Interrupt(
      int exit_code_of_the_second,
      std::function<void(const StopSignal&)> told = [](const StopSignal&) {});
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool seen() const { return seen_.load(std::memory_order_relaxed); }

  // OK, or Cancelled once a signal came: what a Progress callback returns to stop the work.
  absl::Status Check() const;

 private:
  void ReadSignals();
  void TellOfTheFirst();

  int exit_code_of_the_second_;
  std::function<void(const StopSignal&)> told_;
  std::atomic<bool> seen_{false};
  int signals_;                                    // signalfd
  int stop_;                                       // eventfd, written by the destructor
  std::promise<std::optional<StopSignal>> first_;  // nothing: none came
  std::thread reader_;
  std::thread teller_;
};

}  // namespace oasis

#endif  // OASIS_APPS_INTERRUPT_H_
