#include "apps/serve/status_page/status_pages.h"

#include <utility>

#include "oasis/limits.h"

namespace oasis {

std::string StatusPages::Page(Refresh refresh) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = clock_();
  Kept& kept = kept_[refresh];
  const absl::Duration age = now - kept.made;
  if (age >= absl::ZeroDuration() && age < absl::Seconds(kStatusPageKeptSeconds)) return kept.page;
  ServerStatus status = GatherStatus(parts_, now);
  status.traffic = traffic_.Add(now, parts_.metrics->CountTraffic());
  kept = {now, StatusPage(status, refresh)};
  return kept.page;
}

MetricsServer::Pages StatusPages::Paths(const std::shared_ptr<StatusPages>& pages) {
  return {{kStatusPath, [pages] { return pages->Page(Refresh::kItself); }},
          {kStillStatusPath, [pages] { return pages->Page(Refresh::kNever); }}};
}

}  // namespace oasis
