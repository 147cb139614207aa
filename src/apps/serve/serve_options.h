// What `oasis serve` can be told.
#ifndef OASIS_APPS_SERVE_SERVE_OPTIONS_H_
#define OASIS_APPS_SERVE_SERVE_OPTIONS_H_

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

#include "absl/time/time.h"
#include "apps/log.h"
#include "oasis/limits.h"
#include "oasis/server.h"

namespace oasis {

inline constexpr char kNoPolicy[] = "none";

struct ServeOptions {
  std::filesystem::path data_dir;
  Server::Options server;
  std::filesystem::path admin_roles;  // empty: none
  std::string metrics_listen = "127.0.0.1:9464";
  std::filesystem::path watch;  // empty: none
  absl::Duration poll_interval = absl::Seconds(kDefaultWatchPollSeconds);
  int keep = kDefaultKeptSnapshots;
  std::string policy;          // a file; empty: the defaults; kNoPolicy: no guardrails
  bool drop_first = false;     // a switch, as the next
  bool no_huge_pages = false;  // a switch, off unless given: so it can be a variable and a key
  absl::Duration drain_timeout = absl::Seconds(kDefaultDrainSeconds);
  LogFormat log_format = LogFormat::kAuto;
  LogLevel log_level = LogLevel::kInfo;
  std::filesystem::path port_file;  // empty: none
};

// Declares every flag, once; Config gives each its key and its variable.
void AddServeFlags(CLI::App& command, ServeOptions& options);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_SERVE_OPTIONS_H_
