// The calls that only tell.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "admin/snapshot_admin.h"
#include "oasis/limits.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

constexpr size_t kEntryHeadBytes = 6;  // the tag and the length of an entry, at most

bool AsksFor(const v1::ListSnapshotsRequest& request, const TableName& table) {
  const auto fits = [](const std::string& filter, const std::string& name) {
    return filter.empty() || filter == name;
  };
  return fits(request.score_set(), table.score_set) && fits(request.variant(), table.variant);
}

// All but whether it is live.
void SetSnapshot(const StoredSnapshot& stored, const std::optional<std::string>& pinned,
                 v1::StoredSnapshot* out) {
  out->set_score_set(stored.table.score_set);
  out->set_variant(stored.table.variant);
  out->set_id(stored.snapshot_id);
  SetTimestamp(stored.created, out->mutable_created());
  SetTimestamp(stored.accepted, out->mutable_accepted());
  if (stored.published != absl::InfinitePast()) {
    SetTimestamp(stored.published, out->mutable_published());
  }
  out->set_items(stored.items);
  out->set_rows(stored.rows);
  out->set_disk_bytes(stored.disk_bytes);
  out->set_pinned(pinned == stored.snapshot_id);
  out->set_withdrawn(stored.withdrawn);
}

void SetRejected(const TableName& table, const RejectedSnapshot& rejected,
                 v1::RejectedSnapshot* out) {
  out->set_score_set(table.score_set);
  out->set_variant(table.variant);
  out->set_id(rejected.snapshot_id);
  out->set_rolled_back(rejected.manifest_checksum == 0);
}

// All but the pin.
void SetLiveTable(const Table& table, const Staleness& staleness, absl::Time now,
                  v1::LiveTable* out) {
  const TableInfo& info = table.info();
  out->set_score_set(info.score_set);
  out->set_variant(info.variant);
  out->set_snapshot_id(info.snapshot_id);
  SetTimestamp(info.created, out->mutable_created());
  SetDuration(std::max(now - info.created, absl::ZeroDuration()), out->mutable_age());
  if (staleness.max_age != absl::InfiniteDuration()) {
    SetDuration(staleness.max_age, out->mutable_max_age());
  }
  out->set_stale(staleness.IsStale(info.created, now));
  out->set_items(table.items());
  out->set_rows(table.cells());
  out->set_resident_bytes(table.resident_bytes());
  out->set_huge_pages(table.huge_pages());
  for (const Signal& signal : table.signals()) out->add_signals(signal.name);
  out->set_contexts(static_cast<int32_t>(table.contexts().contexts().size()));
}

void SetEntry(const JournalEntry& entry, v1::JournalEntry* out) {
  out->set_sequence(entry.sequence);
  SetTimestamp(entry.time, out->mutable_time());
  out->set_actor(entry.actor);
  out->set_action(entry.action);
  out->set_score_set(entry.table.score_set);
  out->set_variant(entry.table.variant);
  out->set_snapshot_id(entry.snapshot_id);
  out->set_outcome(entry.outcome);
  out->set_detail(entry.detail);
}

JournalFilter FilterOf(const v1::ListJournalRequest& request) {
  JournalFilter filter;
  if (request.limit() != 0) filter.limit = request.limit();
  filter.actor = request.actor();
  filter.action = request.action();
  filter.score_set = request.score_set();
  filter.variant = request.variant();
  filter.snapshot_id = request.snapshot_id();
  filter.outcome = request.outcome();
  if (request.has_since()) filter.since = GetTime(request.since());
  if (request.has_until()) filter.until = GetTime(request.until());
  if (request.before_sequence() != 0) filter.before_sequence = request.before_sequence();
  return filter;
}

}  // namespace

grpc::Status SnapshotAdminService::ListSnapshots(grpc::ServerContext* /*context*/,
                                                 const v1::ListSnapshotsRequest* request,
                                                 v1::ListSnapshotsResponse* response) {
  const auto snapshots = loader_->store().List();
  if (!snapshots.ok()) return ToGrpcStatus(snapshots.status());
  for (const StoredSnapshot& stored : *snapshots) {
    if (!AsksFor(*request, stored.table)) continue;
    const auto pinned = loader_->store().Pinned(stored.table);
    if (!pinned.ok()) return ToGrpcStatus(pinned.status());
    SetSnapshot(stored, *pinned, response->add_snapshots());
  }
  const auto tables = loader_->store().Tables();
  if (!tables.ok()) return ToGrpcStatus(tables.status());
  for (const TableName& table : *tables) {
    if (!AsksFor(*request, table)) continue;
    const auto rejected = loader_->store().Rejected(table);
    if (!rejected.ok()) return ToGrpcStatus(rejected.status());
    for (const RejectedSnapshot& one : *rejected) SetRejected(table, one, response->add_rejected());
  }
  tables_->Visit([response](const TableSet& live) {
    for (v1::StoredSnapshot& snapshot : *response->mutable_snapshots()) {
      const TableSet::ScoreSet* score_set = live.FindScoreSet(snapshot.score_set());
      if (score_set == nullptr) continue;
      const TableSet::Variant* live_one = TableSet::FindVariant(*score_set, snapshot.variant());
      snapshot.set_live(live_one != nullptr &&
                        live_one->table->info().snapshot_id == snapshot.id());
    }
  });
  return grpc::Status::OK;
}

grpc::Status SnapshotAdminService::GetStatus(grpc::ServerContext* /*context*/,
                                             const v1::GetStatusRequest* /*request*/,
                                             v1::GetStatusResponse* response) {
  response->set_version(options_.version);
  SetTimestamp(options_.started, response->mutable_started());
  response->set_watching(options_.watching);
  const absl::Time now = options_.clock();
  tables_->Visit([&](const TableSet& live) {
    for (const TableSet::ScoreSet& score_set : live.score_sets()) {
      for (const TableSet::Variant& variant : score_set.variants) {
        const Staleness& staleness = options_.staleness.Of(score_set.name);
        SetLiveTable(*variant.table, staleness, now, response->add_tables());
      }
    }
  });
  for (v1::LiveTable& table : *response->mutable_tables()) {
    const auto pinned = loader_->store().Pinned({table.score_set(), table.variant()});
    if (!pinned.ok()) return ToGrpcStatus(pinned.status());
    table.set_pinned_snapshot_id(pinned->value_or(""));
  }
  return grpc::Status::OK;
}

grpc::Status SnapshotAdminService::ListJournal(grpc::ServerContext* /*context*/,
                                               const v1::ListJournalRequest* request,
                                               v1::ListJournalResponse* response) {
  const int limit = request->limit();
  if (limit < 0 || limit > kMaxJournalEntries) {
    return {grpc::StatusCode::INVALID_ARGUMENT,
            absl::StrCat("limit: ", limit, " is not in 0 (for ", kDefaultJournalEntries, ") to ",
                         kMaxJournalEntries)};
  }
  if (!request->action().empty() && !absl::c_linear_search(kJournalActions, request->action())) {
    return {grpc::StatusCode::INVALID_ARGUMENT,
            absl::StrCat("action '", absl::CHexEscape(request->action()), "' is none: give one of ",
                         absl::StrJoin(kJournalActions, ", "))};
  }
  const auto entries = loader_->store().ReadJournal(FilterOf(*request));
  if (!entries.ok()) return ToGrpcStatus(entries.status());
  size_t bytes = 0;
  for (const JournalEntry& entry : *entries) {
    v1::JournalEntry* out = response->add_entries();
    SetEntry(entry, out);
    bytes += out->ByteSizeLong() + kEntryHeadBytes;
    if (bytes <= kMaxReceiveMessageBytes) continue;
    response->mutable_entries()->RemoveLast();  // more than clients accept in one message
    break;
  }
  return grpc::Status::OK;
}

}  // namespace oasis
