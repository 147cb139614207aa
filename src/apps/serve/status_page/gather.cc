#include "apps/serve/status_page/gather.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "metrics/build_info.h"
#include "metrics/process.h"
#include "oasis/limits.h"
#include "oasis/machine.h"

namespace oasis {
namespace {

constexpr std::array<absl::string_view, 5> kLoadActions = {"load", "check", "publish", "rollback",
                                                           "restart"};

template <typename T>
T ValueOrNote(absl::StatusOr<T> read, absl::string_view what, ServerStatus& status) {
  if (read.ok()) return *std::move(read);
  status.unreadable.push_back(absl::StrCat(what, ": ", read.status().message()));
  return T();
}

// `budget`: how many campaigns may still be looked at; swaps wait meanwhile.
std::optional<int64_t> RunningCampaigns(const Table& table, absl::Time now, int64_t& budget) {
  budget -= std::ssize(table.campaigns());
  if (budget < 0) return std::nullopt;
  return absl::c_count_if(table.campaigns(), [now](const Campaign& campaign) {
    return campaign.starts_at <= now && now < campaign.ends_at;
  });
}

void AddTables(const StatusParts& parts, ServerStatus& status) {
  int64_t budget = kMaxCountedCampaigns;
  parts.tables->Visit([&](const TableSet& live) {
    status.restoring = live.restoring();
    status.missing = live.missing();
    for (const TableSet::ScoreSet& score_set : live.score_sets()) {
      for (const TableSet::Variant& variant : score_set.variants) {
        const Table& table = *variant.table;
        status.tables.push_back({.info = table.info(),
                                 .staleness = parts.staleness.Of(score_set.name),
                                 .items = table.items(),
                                 .rows = table.cells(),
                                 .resident_bytes = table.resident_bytes(),
                                 .campaigns = std::ssize(table.campaigns()),
                                 .running = RunningCampaigns(table, status.now, budget)});
      }
    }
  });
}

// What the store knows of the live tables, and what else it keeps.
void AddKept(const StatusParts& parts, ServerStatus& status) {
  status.kept = ValueOrNote(parts.store->List(), "kept snapshots", status);
  std::map<TableName, LiveTableStatus*> tables;
  for (LiveTableStatus& table : status.tables) {
    const TableName name = {table.info.score_set, table.info.variant};
    tables[name] = &table;
    table.pinned = ValueOrNote(parts.store->Pinned(name), "a pin", status).value_or("");
  }
  for (StoredSnapshot& stored : status.kept) {
    const auto table = tables.find(stored.table);
    if (stored.live && table != tables.end()) table->second->marked = stored.snapshot_id;
    stored.live = table != tables.end() && table->second->info.snapshot_id == stored.snapshot_id;
  }
}

void AddLoads(const StatusParts& parts, ServerStatus& status) {
  status.under_way = parts.loads->under_way();
  status.judged = parts.loads->judged();
  // Between them may be thousands of others.
  JournalFilter older = {.limit = kStatusPageJournal};
  for (bool more = true; more && status.loads.size() < kStatusPageLoads;) {
    std::vector<JournalEntry> entries =
        ValueOrNote(parts.store->ReadJournal(older), "the journal", status);
    more = std::ssize(entries) == kStatusPageJournal;
    if (more) older.before_sequence = entries.back().sequence;
    for (JournalEntry& entry : entries) {
      if (!absl::c_linear_search(kLoadActions, entry.action)) continue;
      status.loads.push_back(std::move(entry));
    }
  }
  if (status.loads.size() > kStatusPageLoads) status.loads.resize(kStatusPageLoads);
}

void AddOverrides(const StatusParts& parts, ServerStatus& status) {
  status.overrides = parts.overrides->List();
  status.override_count = status.overrides.size();
  const size_t shown = std::min(kStatusPageRows, status.overrides.size());
  std::partial_sort(status.overrides.begin(), status.overrides.begin() + static_cast<int>(shown),
                    status.overrides.end(), [](const Override& a, const Override& b) {
                      return std::tie(a.expires, a.id) < std::tie(b.expires, b.id);
                    });
  status.overrides.resize(shown);
}

}  // namespace

ServerStatus GatherStatus(const StatusParts& parts, absl::Time now) {
  ServerStatus status;
  status.now = now;
  status.started = parts.started;
  status.version = GetBuildInfo().version;
  status.commit = GetBuildInfo().commit;
  status.watching = parts.watching;
  status.resident_bytes = ResidentBytes();
  status.available_bytes = AvailableMemoryBytes();
  status.serving = parts.metrics->GetHealth().serving;
  AddTables(parts, status);
  AddKept(parts, status);
  AddLoads(parts, status);
  AddOverrides(parts, status);
  return status;
}

}  // namespace oasis
