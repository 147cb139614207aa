// What is live, and what may become it.
#include <algorithm>

#include "oasis/loader.h"
#include "oasis/status.h"
#include "snapshot/load/load_run.h"

namespace oasis {

bool TableState::Newer(absl::Time created) const {
  return created > (!serving.empty() && !fell_back ? newest_published : serving_created);
}

absl::string_view TableState::Withholds(absl::string_view snapshot_id,
                                        uint64_t manifest_checksum) const {
  if (!pinned.empty() && snapshot_id != pinned) {
    return "another snapshot is pinned; unpin it to let this one come";
  }
  for (const RejectedSnapshot& one : rejected) {
    if (one.snapshot_id != snapshot_id) continue;
    if (one.manifest_checksum == 0) {
      return "it was rolled back from; a load or publish by hand takes it all the same";
    }
    if (one.manifest_checksum == manifest_checksum) {
      return "guardrails blocked it as it is; mend it, or load it by hand with --force --reason";
    }
  }
  return "";
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

absl::StatusOr<bool> Loader::NeedsGuardrails(const Run& run) const {
  if (run.report.action == kLoad) return true;
  if (run.report.action == kRestart) return false;
  OASIS_ASSIGN_OR_RETURN(const std::vector<StoredSnapshot> snapshots, store_->List());
  return std::any_of(snapshots.begin(), snapshots.end(), [&run](const StoredSnapshot& stored) {
    return stored.table == run.report.table && stored.snapshot_id == run.report.snapshot_id &&
           stored.published == absl::InfinitePast();
  });
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
  OASIS_ASSIGN_OR_RETURN(state.rejected, store_->Rejected(table));
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
