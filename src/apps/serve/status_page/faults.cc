#include "apps/serve/status_page/faults.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "apps/text.h"
#include "html/text.h"

namespace oasis {
namespace {

constexpr size_t kMostOfAReason = 400;  // bytes; the table of loads has all of it
constexpr char kCancelled[] = "CANCELLED";

class FaultList {
 public:
  template <typename... Parts>
  void Add(Verdict tone, const Parts&... parts) {
    faults_.push_back({tone, absl::StrCat(parts...)});
  }
  std::vector<StatusFault> TakeWorstFirst() {
    std::stable_sort(faults_.begin(), faults_.end(),
                     [](const StatusFault& a, const StatusFault& b) { return a.tone > b.tone; });
    return std::move(faults_);
  }

 private:
  std::vector<StatusFault> faults_;
};

void AddNotServing(const ServerStatus& status, FaultList& faults) {
  if (status.serving) return;
  if (status.restoring) {
    faults.Add(Verdict::kWarn, "It is not serving yet: the snapshots that were live before the ",
               "restart are being restored, ", status.tables.size(), " are back.");
  } else if (status.tables.empty() && status.missing.empty()) {
    faults.Add(Verdict::kBlock,
               "It is not serving: no snapshot is live. Load one: ", "oasis snapshot load DIR");
  } else {
    faults.Add(Verdict::kBlock, "It is not serving: its health sends clients to other servers.");
  }
}

void AddMissing(const ServerStatus& status, FaultList& faults) {
  for (const TableSet::Name& name : status.missing) {
    faults.Add(Verdict::kBlock, TableText(name.score_set, name.variant), " is missing: ",
               name.dropped ? "it made room for its next snapshot, which is not there yet."
                            : "the restart could not restore it. Its calls are UNAVAILABLE.");
  }
}

void AddOfTable(const LiveTableStatus& table, absl::Time now, FaultList& faults) {
  const std::string name = TableText(table.info.score_set, table.info.variant);
  if (table.IsStale(now)) {
    const bool worse = table.staleness.when_stale == WhenStale::kNotServing;
    faults.Add(worse ? Verdict::kBlock : Verdict::kWarn, name, " is STALE: its snapshot is ",
               FormatSpan(now - table.info.created), " old, the limit is ",
               FormatSpan(table.staleness.max_age), ".");
  }
  if (table.FellBack()) {
    faults.Add(Verdict::kWarn, name, " answers from ", table.info.snapshot_id,
               ", since the restart could not restore ", table.marked, ".");
  }
}

// Of each table the last load, if it was refused.
void AddRefused(const ServerStatus& status, FaultList& faults) {
  std::set<TableName> seen;
  for (const JournalEntry& entry : status.loads) {
    if (entry.action == "check" || entry.action == "restart") continue;
    if (entry.outcome == kCancelled || !seen.insert(entry.table).second) continue;
    if (!WasRefused(entry)) continue;
    faults.Add(Verdict::kWarn, "The last ", entry.action, " of ",
               TableText(entry.table.score_set, entry.table.variant), " was refused ",
               FormatSpan(std::max(status.now - entry.time, absl::ZeroDuration())),
               " ago: ", ShortText(entry.detail, kMostOfAReason));
  }
}

}  // namespace

std::vector<StatusFault> FaultsOf(const ServerStatus& status) {
  FaultList faults;
  AddNotServing(status, faults);
  AddMissing(status, faults);
  for (const LiveTableStatus& table : status.tables) AddOfTable(table, status.now, faults);
  AddRefused(status, faults);
  for (const std::string& unreadable : status.unreadable) {
    faults.Add(Verdict::kWarn, "Not all of this could be read: ", unreadable);
  }
  return faults.TakeWorstFirst();
}

std::string TableText(absl::string_view score_set, absl::string_view variant) {
  return score_set.empty() ? "an unknown table" : absl::StrCat(score_set, "/", variant);
}

bool WasRefused(const JournalEntry& entry) {
  return entry.outcome != "ok" && entry.outcome != "unchanged" && entry.outcome != kCancelled;
}

}  // namespace oasis
