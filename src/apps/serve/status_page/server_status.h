// What the status page shows.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_SERVER_STATUS_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_SERVER_STATUS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "apps/serve/status_page/recent_loads.h"
#include "apps/serve/status_page/traffic_window.h"
#include "oasis/live_tables.h"
#include "oasis/overrides.h"
#include "oasis/staleness.h"
#include "oasis/store.h"
#include "oasis/table.h"

namespace oasis {

// A table that answers.
struct LiveTableStatus {
  TableInfo info;
  Staleness staleness;
  int64_t items = 0;
  int64_t rows = 0;
  int64_t resident_bytes = 0;
  int64_t campaigns = 0;
  std::optional<int64_t> running = {};  // of these, now; nothing where there are too many to count
  std::string pinned = {};              // the snapshot it is pinned to; empty if none
  std::string marked = {};  // the snapshot that the store marks live; "" if it keeps it no more

  bool IsStale(absl::Time now) const { return staleness.IsStale(info.created, now); }
  // A restart could not bring back the one that was live.
  bool FellBack() const { return !marked.empty() && marked != info.snapshot_id; }
};

// A server at one moment: plain data, with nothing of listeners and nothing secret in it.
struct ServerStatus {
  absl::Time now;
  absl::Time started;
  std::string version = {};
  std::string commit = {};
  std::string watching = {};  // a directory; empty: none
  std::optional<double> resident_bytes = {};
  int64_t available_bytes = 0;  // of memory, that the process may still take

  bool serving = false;  // as gRPC health says
  bool restoring = false;
  std::vector<LiveTableStatus> tables = {};
  std::vector<TableSet::Name> missing = {};
  std::vector<StoredSnapshot> kept = {};  // live: those that answer

  std::map<LoadPhase, RecentLoads::UnderWay> under_way = {};
  std::vector<JournalEntry> loads = {};  // newest first
  std::vector<RecentLoads::Judged> judged = {};

  std::vector<Override> overrides = {};  // those that end first
  size_t override_count = 0;

  TrafficWindow::View traffic = {};
  std::vector<std::string> unreadable = {};  // parts of all this, and why
};

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_SERVER_STATUS_H_
