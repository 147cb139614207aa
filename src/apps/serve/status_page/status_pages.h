// The status page as it is asked for.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_STATUS_PAGES_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_STATUS_PAGES_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "apps/serve/status_page/gather.h"
#include "apps/serve/status_page/status_page.h"
#include "apps/serve/status_page/traffic_window.h"
#include "oasis/metrics.h"

namespace oasis {

// Makes one page at a time, and none anew within kStatusPageKeptSeconds: however many ask, the
// server has little to do. Thread-safe.
class StatusPages {
 public:
  explicit StatusPages(
      StatusParts parts, std::function<absl::Time()> clock = [] { return absl::Now(); })
      : parts_(std::move(parts)), clock_(std::move(clock)), traffic_(parts_.started) {}

  std::string Page(Refresh refresh);

  // For the metrics server; `pages` are theirs together.
  static MetricsServer::Pages Paths(const std::shared_ptr<StatusPages>& pages);

 private:
  struct Kept {
    absl::Time made = absl::InfinitePast();
    std::string page;
  };

  const StatusParts parts_;
  const std::function<absl::Time()> clock_;
  std::mutex mutex_;
  TrafficWindow traffic_;         // guarded by mutex_
  std::map<Refresh, Kept> kept_;  // likewise
};

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_STATUS_PAGES_H_
