// The live tables, and the snapshots that are kept.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "apps/serve/status_page/faults.h"
#include "apps/serve/status_page/sections.h"
#include "apps/text.h"
#include "html/table.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

std::string AgeText(absl::Time created, absl::Time now) {
  return FormatSpan(std::max(now - created, absl::ZeroDuration()));
}

std::string CampaignsText(const LiveTableStatus& table) {
  const std::string of = FormatCount(table.campaigns);
  return table.running.has_value() ? absl::StrCat(FormatCount(*table.running), " of ", of) : of;
}

std::string OrDash(const std::string& text) { return text.empty() ? "–" : text; }

void AddLiveTable(const LiveTableStatus& table, absl::Time now, HtmlTable& html) {
  const bool stale = table.IsStale(now);
  const bool worse = stale && table.staleness.when_stale == WhenStale::kNotServing;
  const TableInfo& info = table.info;
  html.Add(
      {stale ? "STALE" : "live", TableText(info.score_set, info.variant), info.snapshot_id,
       FormatInstant(info.created), AgeText(info.created, now),
       table.staleness.max_age == absl::InfiniteDuration() ? "never"
                                                           : FormatSpan(table.staleness.max_age),
       FormatCount(table.items), FormatCount(table.rows), FormatBytes(table.resident_bytes),
       CampaignsText(table), OrDash(table.pinned)},
      worse ? "block" : (stale ? "warn" : "pass"));
}

// Stale ones first, else in their order.
std::vector<const LiveTableStatus*> InOrder(const ServerStatus& status) {
  std::vector<const LiveTableStatus*> tables;
  for (const LiveTableStatus& table : status.tables) tables.push_back(&table);
  std::stable_partition(tables.begin(), tables.end(), [&status](const LiveTableStatus* table) {
    return table->IsStale(status.now);
  });
  return tables;
}

}  // namespace

std::string LiveTablesSection(const ServerStatus& status) {
  HtmlTable html({"State", "Table", "Snapshot", ">Created", ">Age", ">Stale from", ">Items",
                  ">Rows", ">Memory", ">Campaigns running", "Pinned to"});
  for (const TableSet::Name& name : status.missing) {
    std::vector<std::string> cells(11, "–");
    cells[0] = "MISSING";
    cells[1] = TableText(name.score_set, name.variant);
    html.Add(std::move(cells), "block");
  }
  for (const LiveTableStatus* table : InOrder(status)) AddLiveTable(*table, status.now, html);
  const std::string rows = html.Html(kStatusPageRows);
  return absl::StrCat("<h2>Live tables</h2>\n", rows.empty() ? "<p>None.</p>\n" : rows);
}

std::string KeptSnapshotsSection(const ServerStatus& status) {
  HtmlTable html({"State", "Table", "Snapshot", ">Created", ">Accepted", ">Last published",
                  ">Items", ">Rows", ">Disk"});
  for (const StoredSnapshot& stored : status.kept) {
    const char* const state = stored.live ? "live" : (stored.withdrawn ? "withdrawn" : "kept");
    html.Add({state, TableText(stored.table.score_set, stored.table.variant), stored.snapshot_id,
              FormatInstant(stored.created), FormatInstant(stored.accepted),
              FormatInstant(stored.published), FormatCount(stored.items), FormatCount(stored.rows),
              FormatBytes(stored.disk_bytes)},
             stored.live ? "pass" : (stored.withdrawn ? "warn" : ""));
  }
  const std::string rows = html.Html(kStatusPageRows);
  return absl::StrCat("<h2>Snapshots to go back to</h2>\n", rows.empty() ? "<p>None.</p>\n" : rows);
}

}  // namespace oasis
