#include "fault/server_model.h"

#include <algorithm>

#include "oasis/limits.h"

namespace oasis::testing {
namespace {

std::pair<std::string, uint64_t> NameOf(const ModelSnapshot& snapshot) {
  return {snapshot.id, snapshot.checksum};
}

}  // namespace

const ServerModel::Table* ServerModel::Find(const TableName& table) const {
  const auto at = tables_.find(table);
  return at == tables_.end() ? nullptr : &at->second;
}

bool ServerModel::Forbids(const Table& table, const std::string& id) {
  return !table.pinned.empty() && table.pinned != id && table.live != id;
}

ServerModel::Outcome ServerModel::Load(const ModelSnapshot& snapshot, bool force, Room room,
                                       absl::Time now) const {
  if (snapshot.created > now + absl::Seconds(kMaxClockSkewSeconds)) return {};
  const Table* table = Find(snapshot.table);
  if (table != nullptr) {
    if (Forbids(*table, snapshot.id)) return {};
    const auto kept = table->kept.find(snapshot.id);
    if (kept != table->kept.end() && kept->second.snapshot.seed != snapshot.seed) return {};
    if (table->live == snapshot.id) return {LoadOutcome::kUnchanged, snapshot};
  }
  const bool has_live = table != nullptr && !table->live.empty();
  if (room == Room::kNone || (room == Room::kInPlaceOfTheLive && !has_live)) return {};
  if (snapshot.blocked && !force) return {LoadOutcome::kFailed, snapshot, /*blocked=*/true};
  return {LoadOutcome::kPublished, snapshot};
}

ServerModel::Outcome ServerModel::LoadUnasked(const ModelSnapshot& snapshot, Room room,
                                              absl::Time now) const {
  if (snapshot.created > now + absl::Seconds(kMaxClockSkewSeconds)) return {};
  const Table* table = Find(snapshot.table);
  const bool pinned = table != nullptr && !table->pinned.empty() && table->pinned != snapshot.id;
  const bool rejected = table != nullptr && (table->rejected.contains({snapshot.id, 0}) ||
                                             table->rejected.contains(NameOf(snapshot)));
  if (pinned || rejected || (table != nullptr && snapshot.created <= table->newest)) {
    return {LoadOutcome::kUnchanged, snapshot};
  }
  return Load(snapshot, /*force=*/false, room, now);
}

ServerModel::Outcome ServerModel::Publish(const TableName& table, const std::string& id) const {
  const Table* known = Find(table);
  if (known == nullptr || !known->kept.contains(id) || Forbids(*known, id)) return {};
  const ModelSnapshot& snapshot = known->kept.at(id).snapshot;
  return {known->live == id ? LoadOutcome::kUnchanged : LoadOutcome::kPublished, snapshot};
}

ServerModel::Outcome ServerModel::Rollback(const TableName& table) const {
  const Table* known = Find(table);
  if (known == nullptr) return {};
  const Kept* last = nullptr;
  for (const auto& [id, kept] : known->kept) {
    if (id == known->live || kept.withdrawn) continue;
    if (last == nullptr || kept.published > last->published) last = &kept;
  }
  return last == nullptr ? Outcome{} : Publish(table, last->snapshot.id);
}

bool ServerModel::CanPin(const TableName& table, const std::string& id) const {
  const Table* known = Find(table);
  return known != nullptr && known->kept.contains(id);
}

bool ServerModel::IsPinned(const TableName& table) const {
  const Table* known = Find(table);
  return known != nullptr && !known->pinned.empty();
}

void ServerModel::GoLive(const ModelSnapshot& snapshot, bool withdraws) {
  Table& table = tables_[snapshot.table];
  if (withdraws) {
    table.kept.at(table.live).withdrawn = true;
    std::erase_if(table.rejected, [&](const auto& one) { return one.first == table.live; });
    table.rejected.emplace(table.live, 0);
  }
  table.rejected.erase({snapshot.id, 0});
  table.rejected.erase(NameOf(snapshot));
  table.live = snapshot.id;
  table.newest = std::max(table.newest, snapshot.created);
  table.kept[snapshot.id] = {snapshot, ++publishes_, false};
  std::vector<std::pair<int64_t, std::string>> newest_first;
  for (const auto& [id, kept] : table.kept) newest_first.emplace_back(-kept.published, id);
  std::sort(newest_first.begin(), newest_first.end());
  for (size_t i = keep_; i < newest_first.size(); ++i) {
    if (newest_first[i].second != table.pinned) table.kept.erase(newest_first[i].second);
  }
}

bool ServerModel::Holds(const std::string& override_id, absl::Time now) const {
  const auto at = overrides_.find(override_id);
  return at != overrides_.end() && now < at->second.expires;
}

void ServerModel::Reject(const ModelSnapshot& snapshot) {
  Table& table = tables_[snapshot.table];
  if (!table.rejected.contains({snapshot.id, 0})) table.rejected.insert(NameOf(snapshot));
}

size_t ServerModel::live_tables() const {
  return static_cast<size_t>(std::count_if(tables_.begin(), tables_.end(), [](const auto& entry) {
    return !entry.second.live.empty();
  }));
}

View ServerModel::ViewAt(absl::Time now) const {
  View view;
  for (const auto& [id, override] : overrides_) {
    if (now < override.expires) view.overrides.push_back(override);
  }
  for (const auto& [name, table] : tables_) {
    TableView& seen = view.tables[name];
    seen.serving = table.live;
    seen.marked = table.live;
    seen.pinned = table.pinned;
    seen.rejected = table.rejected;
    if (table.live.empty()) continue;
    for (const auto& [id, kept] : table.kept) {
      seen.kept.insert(id);
      if (kept.withdrawn) seen.withdrawn.insert(id);
    }
    seen.answers = ExpectedAnswers(table.kept.at(table.live).snapshot, view.overrides, now);
  }
  return view;
}

}  // namespace oasis::testing
