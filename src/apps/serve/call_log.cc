#include "apps/serve/call_log.h"

#include <string>
#include <utility>

#include "oasis/limits.h"

namespace oasis {

LogLevel LogLevelOf(const CallRecord& record) {
  switch (record.status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kCancelled:
      return LogLevel::kDebug;
    default:
      return LogLevel::kWarning;
  }
}

void LogCall(const CallRecord& record, const Log& log) {
  nlohmann::ordered_json fields = {
      {"method", std::string(RpcMethodName(record.method))},
      {"code", absl::StatusCodeToString(record.status.code())},
      {"duration_us", absl::ToInt64Microseconds(record.took)},
      {"items", record.items},
  };
  const auto add = [&fields](const char* key, const std::string& value) {
    if (!value.empty()) fields[key] = value;
  };
  add("score_set", record.score_set);
  add("variant", record.variant);
  add("peer", record.peer);
  add("client", record.client);
  add("request_id", record.request_id);
  add("trace_id", record.trace_id);
  add("span_id", record.span_id);
  add("detail", std::string(record.status.message()));
  if (record.left_out > 0) fields["left_out"] = record.left_out;
  log.Write(LogLevelOf(record), record.status.ok() ? "slow call" : "call failed", fields);
}

CallLog::CallLog(const Log& log) : log_(log), writer_([this] { WriteUntilEnd(); }) {}

CallLog::~CallLog() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void CallLog::Add(CallRecord record) {
  if (LogLevelOf(record) < log_.level()) return;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaitingCallLines) {
      left_out_ += 1 + record.left_out;
      return;
    }
    record.left_out += std::exchange(left_out_, 0);
    waiting_.push_back(std::move(record));
  }
  changed_.notify_one();
}

void CallLog::WriteUntilEnd() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return end_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const CallRecord record = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    LogCall(record, log_);
    lock.lock();
  }
}

}  // namespace oasis
