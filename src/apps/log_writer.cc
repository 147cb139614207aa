#include "apps/log_writer.h"

#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "oasis/limits.h"

namespace oasis {

struct LogWriter::State {
  std::mutex mutex;
  std::condition_variable added;
  std::condition_variable idle;
  // Guarded by mutex.
  std::deque<std::pair<Write, int64_t>> waiting;  // with the lines left out before it
  int64_t left_out = 0;
  bool writing = false;
  bool end = false;
};

LogWriter::LogWriter() : state_(std::make_shared<State>()) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);  // it inherits that: signals are for other threads
  std::thread([state = state_] { WriteUntilEnd(*state); }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LogWriter::~LogWriter() {
  Flush();
  const std::lock_guard lock(state_->mutex);
  state_->end = true;
  state_->added.notify_one();
}

void LogWriter::Add(Write write) {
  const std::lock_guard lock(state_->mutex);
  if (state_->waiting.size() >= kMaxWaitingLogLines) {
    ++state_->left_out;
    return;
  }
  state_->waiting.emplace_back(std::move(write), std::exchange(state_->left_out, 0));
  state_->added.notify_one();
}

bool LogWriter::Flush() const {
  std::unique_lock lock(state_->mutex);
  return state_->idle.wait_for(lock, std::chrono::seconds(kLogPatienceSeconds),
                               [this] { return state_->waiting.empty() && !state_->writing; });
}

void LogWriter::WriteUntilEnd(State& state) {
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.added.wait(lock, [&state] { return state.end || !state.waiting.empty(); });
    if (state.end) return;
    const auto [write, left_out] = std::move(state.waiting.front());
    state.waiting.pop_front();
    state.writing = true;
    lock.unlock();
    write(left_out);
    lock.lock();
    state.writing = false;
    if (state.waiting.empty()) state.idle.notify_all();
  }
}

}  // namespace oasis
