#include "apps/log.h"

#include <grpc/support/log.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace oasis {
namespace {

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Bytes that are no UTF-8 become U+FFFD: a bad path must not cost a log line.
std::string Dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::ordered_json Object(LogFields fields) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [key, value] : fields) object[key] = value;
  return object;
}

std::atomic<const Log*> grpc_log{nullptr};

struct DeafPorts {
  std::mutex mutex;
  std::function<void(const std::string&)> told;  // guarded by mutex
};

DeafPorts& TheDeafPorts() {
  static auto& ports = *new DeafPorts;  // gRPC's threads outlive static objects
  return ports;
}

void TellOfDeafPort(const std::string& why) {
  DeafPorts& ports = TheDeafPorts();
  const std::lock_guard lock(ports.mutex);
  if (ports.told) ports.told(why);
}

void WriteGrpcMessage(gpr_log_func_args* args) {
  const bool deaf = absl::StartsWith(args->message, "Failed accept");
  if (deaf) TellOfDeafPort(args->message);
  const Log* log = grpc_log.load();
  if (log == nullptr) return;
  // What gRPC calls an error is mostly one lost connection: no reason to wake anyone.
  const LogLevel level = deaf                                       ? LogLevel::kError
                         : args->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning
                                                                    : LogLevel::kDebug;
  log->Write(
      level, "grpc",
      Object({{"detail", args->message}, {"place", absl::StrCat(args->file, ":", args->line)}}));
}

}  // namespace

const char* LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string FormatLogLine(LogFormat format, absl::Time time, LogLevel level,
                          absl::string_view message, const nlohmann::ordered_json& fields) {
  if (format == LogFormat::kText) {
    std::string line =
        absl::StrCat(absl::FormatTime("%H:%M:%E3S", time, absl::LocalTimeZone()), " ",
                     LogLevelName(level), level == LogLevel::kInfo ? "  " : " ", message);
    for (const auto& [key, value] : fields.items()) {
      absl::StrAppend(&line, "  ", key, "=",
                      value.is_string() ? value.get<std::string>() : Dump(value));
    }
    return line;
  }
  nlohmann::ordered_json object;
  object["time"] = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone());
  object["level"] = LogLevelName(level);
  object["message"] = std::string(message);
  object.update(fields);
  return Dump(object);
}

Log::Log(LogFormat format, LogLevel lowest)
    : format_(format),
      logger_(std::make_shared<spdlog::logger>("oasis",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  if (format_ == LogFormat::kAuto) {
    format_ = isatty(STDERR_FILENO) == 1 ? LogFormat::kText : LogFormat::kJson;
  }
  logger_->set_pattern("%v");  // the line is whole: spdlog would not escape it
  logger_->set_level(SpdlogLevel(lowest));
}

Log::~Log() = default;

void Log::Debug(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kDebug, message, Object(fields));
}
void Log::Info(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kInfo, message, Object(fields));
}
void Log::Warning(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kWarning, message, Object(fields));
}
void Log::Error(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kError, message, Object(fields));
}

void Log::Write(LogLevel level, absl::string_view message,
                const nlohmann::ordered_json& fields) const {
  const spdlog::level::level_enum spdlog_level = SpdlogLevel(level);
  if (!logger_->should_log(spdlog_level)) return;
  const std::string line = FormatLogLine(format_, absl::Now(), level, message, fields);
  logger_->log(spdlog_level, "{}", line);
}

LogLevel Log::level() const {
  const spdlog::level::level_enum lowest = logger_->level();
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning}) {
    if (SpdlogLevel(level) == lowest) return level;
  }
  return LogLevel::kError;
}

void Log::SetLevel(LogLevel lowest) { logger_->set_level(SpdlogLevel(lowest)); }

void SendGrpcLogTo(const Log* log) {
  grpc_log = log;
  gpr_set_log_function(&WriteGrpcMessage);
}

void SendDeafPortsTo(std::function<void(const std::string& why)> told) {
  DeafPorts& ports = TheDeafPorts();
  const std::lock_guard lock(ports.mutex);
  ports.told = std::move(told);
}

}  // namespace oasis
