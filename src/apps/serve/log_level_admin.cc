#include "apps/serve/log_level_admin.h"

#include <algorithm>

namespace oasis {
namespace {

// The API numbers levels from 1, in the same order.
static_assert(static_cast<int>(LogLevel::kDebug) + 1 == v1::LOG_LEVEL_DEBUG &&
              static_cast<int>(LogLevel::kInfo) + 1 == v1::LOG_LEVEL_INFO &&
              static_cast<int>(LogLevel::kWarning) + 1 == v1::LOG_LEVEL_WARNING &&
              static_cast<int>(LogLevel::kError) + 1 == v1::LOG_LEVEL_ERROR);

void SetLevel(Log& log, LogLevel to) {
  const LogLevel from = log.level();
  log.SetLevel(std::min(from, to));  // a log that is silenced says so
  log.Warning("log level changed", {{"from", LogLevelName(from)}, {"to", LogLevelName(to)}});
  log.SetLevel(to);
}

}  // namespace

ServerAdminService::Options LogLevelAdmin(Log& log) {
  ServerAdminService::Options options;
  options.log_level = [&log] {
    return static_cast<v1::LogLevel>(static_cast<int>(log.level()) + 1);
  };
  options.set_log_level = [&log](v1::LogLevel level) {
    SetLevel(log, static_cast<LogLevel>(static_cast<int>(level) - 1));
  };
  return options;
}

}  // namespace oasis
