#include "problem_files/context_tables.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "oasis/context.h"
#include "oasis/status.h"

namespace oasis::problem_files {
namespace {

struct ZoneColumn {
  enum : size_t { kSurface, kMarket, kStreams, kReference, kBudget };
};
constexpr Column kZoneColumns[] = {{"surface", true},
                                   {"market"},
                                   {"streams_per_slot"},
                                   {"reference_satisfaction"},
                                   {"satisfaction_budget"}};

struct ContextColumn {
  enum : size_t { kSurface, kMarket, kCohort, kSupply, kLoadLimit, kTau };
};
constexpr Column kContextColumns[] = {{"surface", true}, {"market"},     {"cohort"},
                                      {"supply", true},  {"load_limit"}, {"tau"}};

// Scores will be made for them, so that names must be those a snapshot may have.
absl::Status CheckNames(absl::string_view surface, absl::string_view market,
                        absl::string_view cohort) {
  const auto or_any = [](absl::string_view name) {
    return std::string(name.empty() ? kAny : name);
  };
  return ValidateContext({std::string(surface), or_any(market), or_any(cohort)});
}

const std::string& Join(absl::string_view a, absl::string_view b, std::string* name) {
  name->assign(a.data(), a.size());
  name->push_back('\0');
  name->append(b.data(), b.size());
  return *name;
}

}  // namespace

absl::Status ContextTables::ReadZones(const std::string& path) {
  OASIS_ASSIGN_OR_RETURN(TableReader row, TableReader::Open(path, kZoneColumns, &reading_));
  zone_lines_.StartFile(path);
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, row.Next());
    if (!more) return absl::OkStatus();
    Zone zone;
    zone.surface = std::string(row.Text(ZoneColumn::kSurface));
    zone.market = std::string(row.Any(ZoneColumn::kMarket));
    if (row.good()) {
      const absl::Status named = CheckNames(zone.surface, zone.market, "");
      if (!named.ok()) row.Fault(named.message());
    }
    if (!row.good()) continue;
    row.ReadOptionalNumber(ZoneColumn::kStreams, &zone.streams_per_slot);
    row.ReadOptionalNumber(ZoneColumn::kReference, &zone.reference_satisfaction);
    row.ReadOptionalNumber(ZoneColumn::kBudget, &zone.satisfaction_budget);
    // Also with a fault, so that contexts find it.
    zones_.emplace(Join(zone.surface, zone.market, &name_), tables_.zones.size());
    zone_lines_.Add(row.line());
    tables_.zones.push_back(std::move(zone));
  }
}

absl::Status ContextTables::ReadContexts(const std::string& path) {
  const size_t zones_read = tables_.zones.size();
  absl::StatusOr<TableReader> opened = TableReader::Open(path, kContextColumns, &reading_);
  whole_ = opened.ok();
  OASIS_ASSIGN_OR_RETURN(TableReader row, std::move(opened));
  zone_lines_.StartFile(path);
  context_lines_.StartFile(path);
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, row.Next());
    if (!more) break;
    ReadContext(&row);
  }
  whole_ = whole_ && !row.lost_rows();
  if (whole_) RequireContextsInZones(zones_read);
  return absl::OkStatus();
}

void ContextTables::ReadContext(TableReader* row) {
  const absl::string_view surface = row->Text(ContextColumn::kSurface);
  const absl::string_view market = row->Any(ContextColumn::kMarket);
  const absl::string_view cohort = row->Any(ContextColumn::kCohort);
  if (row->good()) {
    const absl::Status named = CheckNames(surface, market, cohort);
    if (!named.ok()) row->Fault(named.message());
  }
  if (!row->good()) {
    whole_ = false;
    return;
  }
  AllocationContext context;
  context.cohort = std::string(cohort);
  row->ReadNumber(ContextColumn::kSupply, &context.supply);
  row->ReadOptionalNumber(ContextColumn::kLoadLimit, &context.load_limit);
  row->ReadOptionalNumber(ContextColumn::kTau, &context.tau);
  // Also with a fault, so that edges find it.
  context.zone = ZoneOf(surface, market, row->line());
  Join(tables_.zones[context.zone].surface, tables_.zones[context.zone].market, &name_);
  contexts_.emplace(absl::StrCat(name_, absl::string_view("\0", 1), cohort),
                    tables_.contexts.size());
  context_lines_.Add(row->line());
  tables_.contexts.push_back(std::move(context));
}

uint32_t ContextTables::ZoneOf(absl::string_view surface, absl::string_view market, int64_t line) {
  const auto [found, added] =
      zones_.try_emplace(Join(surface, market, &name_), tables_.zones.size());
  if (added) {
    zone_lines_.Add(line);
    Zone& zone = tables_.zones.emplace_back();
    zone.surface = std::string(surface);
    zone.market = std::string(market);
  }
  return found->second;
}

void ContextTables::RequireContextsInZones(size_t zones_read) {
  std::vector<char> used(tables_.zones.size());
  for (const AllocationContext& context : tables_.contexts) used[context.zone] = 1;
  for (size_t i = 0; i < zones_read; ++i) {
    const Zone& zone = tables_.zones[i];
    // The second of two rows for one zone is not used either; CheckTables tells of it.
    if (used[i] != 0 || zones_.at(Join(zone.surface, zone.market, &name_)) != i) continue;
    reading_.faults.Add(absl::StrCat(zone_lines_.PlaceOf(static_cast<int64_t>(i)),
                                     ": no context is in surface '", zone.surface, "', market '",
                                     zone.market, "': add some, or take the row away"));
  }
}

uint32_t ContextTables::Find(absl::string_view surface, absl::string_view market,
                             absl::string_view cohort) {
  if (last_found_ != kNobody) {
    const AllocationContext& last = tables_.contexts[last_found_];
    const Zone& zone = tables_.zones[last.zone];
    if (last.cohort == cohort && zone.market == market && zone.surface == surface) {
      return last_found_;
    }
  }
  Join(surface, market, &name_);
  name_.push_back('\0');
  name_.append(cohort.data(), cohort.size());
  const auto found = contexts_.find(name_);
  if (found == contexts_.end()) return kNobody;
  last_found_ = found->second;
  return last_found_;
}

bool ContextTables::HasZone(absl::string_view surface, absl::string_view market) const {
  return std::any_of(tables_.zones.begin(), tables_.zones.end(), [&](const Zone& zone) {
    return (surface.empty() || zone.surface == surface) &&
           (market.empty() || zone.market == market);
  });
}

}  // namespace oasis::problem_files
