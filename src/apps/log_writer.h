// Takes lines of a log from threads that must not wait for whoever reads it.
#ifndef OASIS_APPS_LOG_WRITER_H_
#define OASIS_APPS_LOG_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"

namespace oasis {

// Writes on a thread of its own. What comes while kMaxWaitingLogLines wait is left out, and
// counted. Thread-safe.
class LogWriter {
 public:
  // Writes a line, for as long as it takes; `left_out` lines before it could not be taken.
  using Write = std::function<void(int64_t left_out)>;

  LogWriter();
  ~LogWriter();  // Flush; what cannot be written is lost
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  void Add(Write write);  // returns at once

  // Waits for what was added so far, but no longer than kLogPatienceSeconds. Whether all is
  // written.
  bool Flush() const;

 private:
  struct State;
  static void WriteUntilEnd(State& state);

  const std::shared_ptr<State> state_;  // its thread's as well, which may be stuck for ever
};

}  // namespace oasis

#endif  // OASIS_APPS_LOG_WRITER_H_
