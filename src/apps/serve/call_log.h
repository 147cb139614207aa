// Lines about calls that failed or were slow.
#ifndef OASIS_APPS_SERVE_CALL_LOG_H_
#define OASIS_APPS_SERVE_CALL_LOG_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

#include "apps/log.h"
#include "oasis/call_record.h"

namespace oasis {

// A slow call, and one that the server failed, are warnings; one that its caller got wrong is of
// interest to who looks for that caller: debug.
LogLevel LogLevelOf(const CallRecord& record);
void LogCall(const CallRecord& record, const Log& log);

// Logs on a thread of its own: a log that nobody reads must not hold up a serving thread. Records
// that come while kMaxWaitingCallLines wait are left out, and counted. Thread-safe.
class CallLog {
 public:
  explicit CallLog(const Log& log);  // which must outlive this
  ~CallLog();                        // writes what waits
  CallLog(const CallLog&) = delete;
  CallLog& operator=(const CallLog&) = delete;

  void Add(CallRecord record);  // returns at once

 private:
  void WriteUntilEnd();

  const Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::deque<CallRecord> waiting_;
  int64_t left_out_ = 0;
  bool end_ = false;

  std::thread writer_;
};

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_CALL_LOG_H_
