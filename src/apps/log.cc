#include "apps/log.h"

#include <grpc/support/log.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serving/line_rate.h"

namespace oasis {
namespace {

// Bytes that are no UTF-8 become U+FFFD: a bad path must not cost a log line.
std::string Dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// As it is where it is one plain word, else in quotes, with all escaped that is not printable
// ASCII: nobody is to write lines, or to a terminal, by a name that he sends.
std::string TextValue(const nlohmann::ordered_json& value) {
  const auto plain = [](char c) { return absl::ascii_isgraph(c) && c != '"' && c != '\\'; };
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  }
  return value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
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

// What gRPC calls an error is mostly one lost connection: no reason to wake anyone.
LogLevel LevelOf(const gpr_log_func_args& message, bool deaf, bool last) {
  if (deaf || last) return LogLevel::kError;
  return message.severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
}

void WriteGrpcMessage(gpr_log_func_args* args) {
  static auto& rate = *new LineRate;
  const bool deaf = absl::StartsWith(args->message, "Failed accept");
  if (deaf) TellOfDeafPort(args->message);
  const Log* log = grpc_log.load();
  if (log == nullptr) return;
  const bool last = absl::StartsWith(args->message, "assertion failed");  // then gRPC aborts
  const LogLevel level = LevelOf(*args, deaf, last);
  if (level < log->level()) return;
  nlohmann::ordered_json fields =
      Object({{"detail", args->message}, {"place", absl::StrCat(args->file, ":", args->line)}});
  if (level != LogLevel::kError) {
    const std::optional<int64_t> left_out = rate.Take(std::chrono::steady_clock::now());
    if (!left_out.has_value()) return;
    if (*left_out > 0) fields["left_out"] = *left_out;
  }
  log->Write(level, "grpc", std::move(fields));
  if (last) log->Flush();
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
      absl::StrAppend(&line, "  ", key, "=", TextValue(value));
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
      lowest_(lowest),
      logger_(std::make_shared<spdlog::logger>("oasis",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  if (format_ == LogFormat::kAuto) {
    format_ = isatty(STDERR_FILENO) == 1 ? LogFormat::kText : LogFormat::kJson;
  }
  logger_->set_pattern("%v");  // the line is whole: spdlog would not escape it
}

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

void Log::Write(LogLevel level, absl::string_view message, nlohmann::ordered_json fields) const {
  if (level < lowest_) return;
  writer_.Add([format = format_, logger = logger_, time = absl::Now(), level,
               message = std::string(message),
               fields = std::move(fields)](int64_t left_out) mutable {
    if (left_out > 0) fields["lines_left_out"] = left_out;
    logger->info("{}", FormatLogLine(format, time, level, message, fields));
  });
}

bool Log::Flush() const { return writer_.Flush(); }

LogLevel Log::level() const { return lowest_; }

void Log::SetLevel(LogLevel lowest) { lowest_ = lowest; }

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
