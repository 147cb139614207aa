#include "apps/serve/call_log.h"

#include <string>

namespace oasis {

LogLevel LogLevelOf(const CallRecord& record) {
  switch (record.status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnimplemented:
      return record.admin ? LogLevel::kInfo : LogLevel::kDebug;
    default:
      return LogLevel::kWarning;
  }
}

void LogCall(const CallRecord& record, const Log& log) {
  if (LogLevelOf(record) < log.level()) return;
  nlohmann::ordered_json fields = {
      {"method", record.method},
      {"code", absl::StatusCodeToString(record.status.code())},
      {"duration_us", absl::ToInt64Microseconds(record.took)},
  };
  if (!record.admin) fields["items"] = record.items;
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

}  // namespace oasis
