#include "apps/serve/application.h"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "admin/override_admin.h"
#include "admin/snapshot_admin.h"
#include "apps/serve/call_log.h"
#include "apps/serve/load_log.h"
#include "apps/serve/log_level_admin.h"
#include "apps/serve/port_file.h"
#include "apps/serve/serve_options_check.h"
#include "apps/serve/service_manager.h"
#include "apps/serve/status_page/status_pages.h"
#include "metrics/build_info.h"
#include "oasis/machine.h"
#include "oasis/status.h"
#include "serving/line_rate.h"

namespace oasis {
namespace {

const char* TlsWord(const TlsFiles& files) {
  if (files.empty()) return "off";
  return files.ca.empty() ? "server" : "mutual";
}

}  // namespace

Application::Application(const ServeOptions& options, Log& log)
    : options_(options),
      log_(log),
      recent_requests_(std::make_shared<RecentRequests>()),
      tables_(std::make_shared<LiveTables>()),
      metrics_(std::make_shared<Metrics>()),
      recent_loads_(std::make_shared<RecentLoads>()) {
  options_.server.recent_requests = recent_requests_;
  tables_->BeginRestore();  // ended by Restore
}

Application::~Application() = default;

absl::Status Application::Run() {
  log_.Info("starting", {{"version", GetBuildInfo().version},
                         {"commit", GetBuildInfo().commit},
                         {"data_dir", options_.data_dir.string()}});
  OASIS_RETURN_IF_ERROR(CheckServeOptions(options_));
  OASIS_RETURN_IF_ERROR(ReadPolicy());
  OASIS_RETURN_IF_ERROR(ReadRoles());
  OASIS_RETURN_IF_ERROR(OpenStore());
  OASIS_RETURN_IF_ERROR(
      MakeWatcher());  // a wrong --watch is told before anyone relies on the ports
  OASIS_RETURN_IF_ERROR(Listen());
  Restore();
  if (!stop_requested()) OASIS_RETURN_IF_ERROR(StartWatcher());
  WaitForStop();
  Shutdown();
  return failure();
}

void Application::RequestStop() { Fail(absl::OkStatus()); }

void Application::Fail(absl::Status why) {
  const std::lock_guard lock(stop_mutex_);
  failure_.Update(std::move(why));
  stop_ = true;
  if (loader_ != nullptr) loader_->Cancel();
  stop_changed_.notify_all();
}

bool Application::stop_requested() const {
  const std::lock_guard lock(stop_mutex_);
  return stop_;
}

absl::Status Application::failure() const {
  const std::lock_guard lock(stop_mutex_);
  return failure_;
}

absl::Status Application::ReadPolicy() {
  if (options_.policy == kNoPolicy) return absl::OkStatus();
  guardrails_.emplace();
  if (!options_.policy.empty()) {
    OASIS_ASSIGN_OR_RETURN(guardrails_, GuardrailPolicies::Read(options_.policy));
  }
  StalenessRules& staleness = options_.server.staleness;
  staleness = guardrails_->ToStalenessRules(staleness.others);
  return absl::OkStatus();
}

absl::Status Application::OpenStore() {
  Store::Options store;
  store.dir = options_.data_dir;
  store.observer = [this](const absl::Status& damage) {
    log_.Warning("store was damaged", {{"data_dir", options_.data_dir.string()},
                                       {"detail", std::string(damage.message())}});
  };
  OASIS_ASSIGN_OR_RETURN(store_, Store::Open(store));
  Loader::Options loader;
  loader.keep = options_.keep;
  loader.huge_pages = !options_.no_huge_pages;
  loader.guardrails = guardrails_;
  loader.recent_requests = recent_requests_;
  loader.drop_first = options_.drop_first;
  loader.observer = [this](const LoadReport& report) {
    CountLoad(report, *tables_, options_.server.staleness, *metrics_);
    LogLoad(report, log_);
    recent_loads_->Tell(report);
  };
  loader.moved = [this](LoadPhase from, LoadPhase to) {
    metrics_->AddLoadUnderWay(LoadPhaseName(from), -1);  // of kDone it keeps no count
    metrics_->AddLoadUnderWay(LoadPhaseName(to), 1);
    recent_loads_->Move(from, to, absl::Now());
  };
  OverrideBook::Options overrides;
  overrides.observer = [this](const std::vector<Override>& all) {
    std::vector<absl::Time> ends;
    for (const Override& override : all) ends.push_back(override.expires);
    metrics_->SetOverrides(std::move(ends));
  };
  OASIS_ASSIGN_OR_RETURN(overrides_, OverrideBook::Open(store_, tables_, std::move(overrides)));
  const std::lock_guard lock(stop_mutex_);
  loader_ = std::make_shared<Loader>(store_, tables_, std::move(loader));
  if (stop_) loader_->Cancel();
  return absl::OkStatus();
}

absl::Status Application::MakeWatcher() {
  if (options_.watch.empty()) return absl::OkStatus();
  Watcher::Options watcher;
  std::error_code error;
  watcher.dir = std::filesystem::absolute(options_.watch, error).lexically_normal();
  if (error) watcher.dir = options_.watch;
  watcher.poll_interval = options_.poll_interval;
  watcher.observer = [this](const absl::Status& status) {
    if (status.ok()) {
      log_.Info("watched directory can be read again", {{"dir", options_.watch.string()}});
    } else {
      log_.Warning("watcher",
                   {{"dir", options_.watch.string()}, {"detail", std::string(status.message())}});
    }
  };
  OASIS_ASSIGN_OR_RETURN(watcher_, Watcher::Create(std::move(watcher), loader_));
  return absl::OkStatus();
}

void Application::LogChange(const std::string& files, const absl::Status& taken) const {
  if (taken.ok()) {
    log_.Info("changed files were taken", {{"files", files}});
  } else {
    log_.Error("changed files are no good; those before stay",
               {{"files", files}, {"detail", std::string(taken.message())}});
  }
}

absl::Status Application::ReadRoles() {
  options_.server.tls_observer = [this](absl::string_view port, const absl::Status& taken) {
    LogChange(absl::StrCat("TLS of the ", port, " port"), taken);
  };
  if (options_.admin_roles.empty()) return absl::OkStatus();
  AdminRoles::Options roles;
  roles.file = options_.admin_roles;
  roles.changed = [this](const absl::Status& taken) { LogChange("roles", taken); };
  roles.denied = [this, rate = std::make_shared<LineRate>()](const absl::Status& denied) {
    const std::optional<int64_t> left_out = rate->Take(std::chrono::steady_clock::now());
    if (!left_out.has_value()) return;
    nlohmann::ordered_json fields = {{"detail", std::string(denied.message())}};
    if (*left_out > 0) fields["left_out"] = *left_out;
    log_.Write(LogLevel::kWarning, "admin call denied", std::move(fields));
  };
  OASIS_ASSIGN_OR_RETURN(roles_, AdminRoles::Create(std::move(roles)));
  options_.server.admit_admin_call = [roles = roles_](const PeerIdentity& peer,
                                                      absl::string_view method,
                                                      absl::string_view request_id) {
    return roles->Admit(peer, method, request_id);
  };
  return absl::OkStatus();
}

absl::Status Application::Listen() {
  options_.server.call_observer = [this](const CallRecord& record) { LogCall(record, log_); };
  SnapshotAdminService::Options admin;
  admin.version = GetBuildInfo().version;
  admin.started = absl::Now();
  admin.watching = options_.watch.string();
  admin.staleness = options_.server.staleness;
  admin.roles = roles_;
  OASIS_ASSIGN_OR_RETURN(
      server_, Server::Start(options_.server, tables_, metrics_,
                             {std::make_shared<SnapshotAdminService>(loader_, tables_, admin),
                              std::make_shared<OverrideAdminService>(overrides_),
                              std::make_shared<ServerAdminService>(store_, LogLevelAdmin(log_))}));
  const auto pages = std::make_shared<StatusPages>(StatusParts{.store = store_,
                                                               .tables = tables_,
                                                               .overrides = overrides_,
                                                               .metrics = metrics_,
                                                               .loads = recent_loads_,
                                                               .staleness = admin.staleness,
                                                               .started = admin.started,
                                                               .watching = admin.watching});
  OASIS_ASSIGN_OR_RETURN(metrics_server_, MetricsServer::Start(options_.metrics_listen, *metrics_,
                                                               StatusPages::Paths(pages)));
  metrics_->SetSurroundingsSource([roles = roles_] {
    Metrics::Surroundings now = {.memory_limit_bytes = MemoryLimitBytes(),
                                 .admin_roles_refused = std::nullopt};
    if (roles != nullptr) now.admin_roles_refused = roles->Refused();
    return now;
  });
  const Ports ports = {server_->port(), server_->admin_port(), metrics_server_->port()};
  log_.Info("listening", {{"listen", options_.server.listen},
                          {"port", ports.listen},
                          {"tls", TlsWord(options_.server.tls)},
                          {"admin_listen", options_.server.admin_listen},
                          {"admin_port", ports.admin},
                          {"admin_tls", TlsWord(options_.server.admin_tls)},
                          {"metrics_listen", options_.metrics_listen},
                          {"metrics_port", ports.metrics}});
  if (!options_.port_file.empty()) {
    OASIS_RETURN_IF_ERROR(WritePortFile(options_.port_file, ports));
  }
  Notify(kReadyState);
  return absl::OkStatus();
}

void Application::Notify(absl::string_view state) const {
  if (NotifyServiceManager(state)) return;
  log_.Warning("the service manager could not be told", {{"state", std::string(state)}});
}

void Application::Restore() {
  const absl::Time began = absl::Now();
  const std::vector<LoadReport> reports = loader_->Restore();  // the observer tells of each
  if (stop_requested()) return;
  std::vector<TableSet::Name> missing;
  for (const LoadReport& report : reports) {
    if (report.outcome != LoadOutcome::kFailed) continue;
    missing.push_back({report.table.score_set, report.table.variant});
  }
  const int64_t live = std::ssize(reports) - std::ssize(missing);
  tables_->EndRestore(missing);
  const absl::StatusOr<std::vector<StoredSnapshot>> kept = loader_->store().List();
  if (reports.empty() && kept.ok() && !kept->empty()) {
    log_.Warning(
        "snapshots are kept, but none is marked live: nothing is served; take one with "
        "`oasis snapshot publish`, or look for damage in the data directory",
        {{"kept", kept->size()}});
  }
  log_.Info(reports.empty() ? "nothing to restore; waiting for a first snapshot" : "restored",
            {{"tables", live},
             {"failed", missing.size()},
             {"took_ms", absl::ToDoubleMilliseconds(absl::Now() - began)}});
}

absl::Status Application::StartWatcher() {
  if (watcher_ == nullptr) return absl::OkStatus();
  OASIS_RETURN_IF_ERROR(watcher_->Start());
  log_.Info("watching", {{"dir", options_.watch.string()},
                         {"poll_interval_s", absl::ToDoubleSeconds(options_.poll_interval)}});
  return absl::OkStatus();
}

void Application::WaitForStop() {
  std::unique_lock lock(stop_mutex_);
  const std::chrono::nanoseconds renew = absl::ToChronoNanoseconds(LiveTables::kRenewRules);
  while (!stop_changed_.wait_for(lock, renew, [this] { return stop_; })) {
    lock.unlock();
    tables_->RenewRules();
    lock.lock();
  }
}

void Application::Shutdown() {
  const absl::Time began = absl::Now();
  log_.Info("shutting down: loads are cancelled, calls under way get their time",
            {{"drain_timeout_s", absl::ToDoubleSeconds(options_.drain_timeout)}});
  Notify(kStoppingState);
  server_->Drain(options_.drain_timeout);  // first of all tells health
  watcher_.reset();
  log_.Info("drained", {{"took_ms", absl::ToDoubleMilliseconds(absl::Now() - began)}});
  server_.reset();
  metrics_server_.reset();
  {
    const std::lock_guard lock(stop_mutex_);
    loader_.reset();
  }
  overrides_.reset();
  store_.reset();
  log_.Info("stopped");
}

}  // namespace oasis
