// The log of the server: one JSON object a line for machines, plain text on a terminal.
#ifndef OASIS_APPS_LOG_H_
#define OASIS_APPS_LOG_H_

#include <atomic>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "apps/log_writer.h"
#include "nlohmann/json.hpp"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace oasis {

enum class LogFormat { kAuto, kJson, kText };  // kAuto: text when stderr is a terminal
enum class LogLevel { kDebug, kInfo, kWarning, kError };

const char* LogLevelName(LogLevel level);  // "debug"

// What is known beside the message: {"score_set", "discovery-mode"}, {"items", 200000}.
using LogFields = std::initializer_list<std::pair<const char*, nlohmann::ordered_json>>;

// One line, without its end. JSON: {"time":…,"level":…,"message":…, then the fields}, whatever
// bytes the fields hold. Text: `12:00:00.123 info  message  key=value  key="two words" …`,
// likewise.
std::string FormatLogLine(LogFormat format, absl::Time time, LogLevel level,
                          absl::string_view message, const nlohmann::ordered_json& fields);

// Writes to stderr, on a thread of its own: a log that nobody reads holds up no other. A line that
// finds no room is left out, and `lines_left_out` of the next one counts it (apps/log_writer.h).
// Messages are short and constant; what varies is in the fields. Thread-safe.
class Log {
 public:
  Log(LogFormat format, LogLevel lowest);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void Debug(absl::string_view message, LogFields fields = {}) const;
  void Info(absl::string_view message, LogFields fields = {}) const;
  void Warning(absl::string_view message, LogFields fields = {}) const;
  void Error(absl::string_view message, LogFields fields = {}) const;

  void Write(LogLevel level, absl::string_view message, nlohmann::ordered_json fields) const;

  // Waits for the lines so far to be written, for kLogPatienceSeconds at most. Whether they are.
  bool Flush() const;

  // The lowest level that is written, from now on.
  LogLevel level() const;
  void SetLevel(LogLevel lowest);

 private:
  LogFormat format_;
  std::atomic<LogLevel> lowest_;
  const std::shared_ptr<spdlog::logger> logger_;
  mutable LogWriter writer_;
};

// Makes gRPC's own messages come as lines of `log`, kCallLinesPerSecond at most. It must outlive
// all use of gRPC; null drops them, for commands that report errors themselves.
void SendGrpcLogTo(const Log* log);

// Who hears, on a thread of gRPC that holds its locks, that gRPC took a port out of use: after one
// accept() that failed, for want of descriptors say, gRPC 1.51 takes no connection on that port any
// more, and tells of it nowhere but in its log. Null: nobody; when this returns, nobody is in it.
void SendDeafPortsTo(std::function<void(const std::string& why)> told);

}  // namespace oasis

#endif  // OASIS_APPS_LOG_H_
