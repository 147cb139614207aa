// Asks the parts of a server how they are.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_GATHER_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_GATHER_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "apps/serve/status_page/recent_loads.h"
#include "apps/serve/status_page/server_status.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/override_book.h"
#include "oasis/staleness.h"
#include "oasis/store.h"

namespace oasis {

struct StatusParts {
  std::shared_ptr<const Store> store;
  std::shared_ptr<const LiveTables> tables;
  std::shared_ptr<const OverrideBook> overrides;
  std::shared_ptr<const Metrics> metrics;
  std::shared_ptr<const RecentLoads> loads;
  StalenessRules staleness = {};
  absl::Time started;
  std::string watching = {};  // a directory; empty: none
};

// All but the traffic. What cannot be read is named in ServerStatus::unreadable.
ServerStatus GatherStatus(const StatusParts& parts, absl::Time now);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_GATHER_H_
