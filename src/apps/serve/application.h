// The server process: its parts, wired, started and stopped in order.
#ifndef OASIS_APPS_SERVE_APPLICATION_H_
#define OASIS_APPS_SERVE_APPLICATION_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "admin/admin_roles.h"
#include "apps/log.h"
#include "apps/serve/serve_options.h"
#include "apps/serve/status_page/recent_loads.h"
#include "oasis/guardrails.h"
#include "oasis/live_tables.h"
#include "oasis/loader.h"
#include "oasis/metrics.h"
#include "oasis/override_book.h"
#include "oasis/recent_requests.h"
#include "oasis/server.h"
#include "oasis/store.h"
#include "oasis/watcher.h"

namespace oasis {

// Starts: store, loader, ports (health says NOT_SERVING), then the live tables of the store (each
// is served as soon as it is there, others are UNAVAILABLE), then health says SERVING, then the
// watcher. Stops: loads are cancelled, health says NOT_SERVING, calls under way are given their
// time, ports close, the watcher ends, the store closes.
class Application {
 public:
  Application(const ServeOptions& options, Log& log);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  // Serves until RequestStop or Fail. Returns why it could not start, or OK after a stop, or why it
  // failed. Call it once.
  absl::Status Run();

  // From any thread, at any time, also before and during Run. Returns at once.
  void RequestStop();

  // The same, because of a fault that only a new process mends.
  void Fail(absl::Status why);

 private:
  absl::Status ReadPolicy();
  absl::Status OpenStore();
  absl::Status MakeWatcher();
  absl::Status Listen();
  absl::Status ReadRoles();
  void Notify(absl::string_view state) const;
  // Of files that changed.
  void LogChange(const std::string& files, const absl::Status& taken) const;
  void Restore();
  absl::Status StartWatcher();
  void WaitForStop();
  absl::Status failure() const;
  void Shutdown();
  bool stop_requested() const;

  ServeOptions options_;
  Log& log_;

  mutable std::mutex stop_mutex_;
  std::condition_variable stop_changed_;
  // Guarded by stop_mutex_.
  bool stop_ = false;
  absl::Status failure_;  // the first

  std::optional<GuardrailPolicies> guardrails_;  // set by ReadPolicy, unless there are none
  const std::shared_ptr<RecentRequests> recent_requests_;

  // Each uses those above it and goes before them.
  std::shared_ptr<Store> store_;
  std::shared_ptr<LiveTables> tables_;
  std::shared_ptr<Metrics> metrics_;
  const std::shared_ptr<RecentLoads> recent_loads_;
  std::shared_ptr<OverrideBook> overrides_;
  std::shared_ptr<AdminRoles> roles_;  // null: everyone may everything
  std::shared_ptr<Loader> loader_;     // set under stop_mutex_, since RequestStop cancels it
  std::unique_ptr<Server> server_;
  std::unique_ptr<MetricsServer> metrics_server_;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_APPLICATION_H_
