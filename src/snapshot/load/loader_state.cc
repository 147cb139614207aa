// What is live, and what may become it.
#include <algorithm>

#include "oasis/loader.h"
#include "oasis/status.h"

namespace oasis {

bool TableState::Takes(absl::string_view snapshot_id, absl::Time created) const {
  if (!pinned.empty() && snapshot_id != pinned) return false;
  if (!serving.empty() && !fell_back) return created > newest_published;
  return created > serving_created && !withdrawn.contains(std::string(snapshot_id));
}

std::optional<Loader::Served> Loader::Serving(const TableName& table) const {
  std::optional<Served> served;
  tables_->Visit([&](const TableSet& tables) {
    const TableSet::ScoreSet* score_set = tables.FindScoreSet(table.score_set);
    if (score_set == nullptr) return;
    const TableSet::Variant* live = TableSet::FindVariant(*score_set, table.variant);
    if (live == nullptr) return;
    const TableInfo& info = live->table->info();
    served = {info.snapshot_id, info.created, live->table->items(), live->table->cells()};
  });
  return served;
}

bool Loader::IsLive(const TableName& table, absl::string_view snapshot_id) const {
  const auto marked = store_->Live(table);
  if (!marked.ok() || *marked != snapshot_id) return false;
  const std::optional<Served> serving = Serving(table);
  return serving.has_value() && serving->snapshot_id == snapshot_id;
}

absl::StatusOr<TableState> Loader::StateOf(const TableName& table) const {
  TableState state;
  const std::optional<Served> serving = Serving(table);
  if (serving.has_value()) {
    OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> marked, store_->Live(table));
    state.serving = serving->snapshot_id;
    state.serving_created = serving->created;
    state.fell_back = marked != serving->snapshot_id;
  }
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> pinned, store_->Pinned(table));
  state.pinned = pinned.value_or("");
  OASIS_ASSIGN_OR_RETURN(state.newest_published, store_->NewestPublished(table));
  OASIS_ASSIGN_OR_RETURN(const std::vector<StoredSnapshot> snapshots, store_->List());
  for (const StoredSnapshot& stored : snapshots) {
    if (stored.table == table && stored.withdrawn) state.withdrawn.insert(stored.snapshot_id);
  }
  return state;
}

absl::StatusOr<std::vector<StoredSnapshot>> Loader::OnceLive(const TableName& table) const {
  OASIS_ASSIGN_OR_RETURN(std::vector<StoredSnapshot> snapshots, store_->List());
  std::erase_if(snapshots, [&table](const StoredSnapshot& stored) {
    return stored.table != table || stored.live || stored.withdrawn ||
           stored.published == absl::InfinitePast();
  });
  std::sort(
      snapshots.begin(), snapshots.end(),
      [](const StoredSnapshot& a, const StoredSnapshot& b) { return a.published > b.published; });
  return snapshots;
}

}  // namespace oasis
