// The calls that only tell.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "admin/snapshot_admin.h"
#include "oasis/limits.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

constexpr int kDefaultJournalEntries = 100;
constexpr size_t kEntryBytes = 512;  // more than the short fields of an entry take

bool Asked(const std::string& filter, const std::string& name) {
  return filter.empty() || filter == name;
}

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
  out->set_live(stored.live);
  out->set_pinned(pinned == stored.snapshot_id);
}

void SetLiveTable(const Table& table, absl::Time now, const std::optional<std::string>& pinned,
                  v1::LiveTable* out) {
  const TableInfo& info = table.info();
  out->set_score_set(info.score_set);
  out->set_variant(info.variant);
  out->set_snapshot_id(info.snapshot_id);
  SetTimestamp(info.created, out->mutable_created());
  SetDuration(std::max(now - info.created, absl::ZeroDuration()), out->mutable_age());
  out->set_items(table.items());
  out->set_rows(table.cells());
  out->set_resident_bytes(table.resident_bytes());
  out->set_huge_pages(table.huge_pages());
  out->set_pinned_snapshot_id(pinned.value_or(""));
  for (const Signal& signal : table.signals()) out->add_signals(signal.name);
  out->set_contexts(static_cast<int32_t>(table.contexts().contexts().size()));
}

}  // namespace

grpc::Status SnapshotAdminService::ListSnapshots(grpc::ServerContext* /*context*/,
                                                 const v1::ListSnapshotsRequest* request,
                                                 v1::ListSnapshotsResponse* response) {
  const auto snapshots = loader_->store().List();
  if (!snapshots.ok()) return ToGrpcStatus(snapshots.status());
  for (const StoredSnapshot& stored : *snapshots) {
    if (!Asked(request->score_set(), stored.table.score_set) ||
        !Asked(request->variant(), stored.table.variant)) {
      continue;
    }
    const auto pinned = loader_->store().Pinned(stored.table);
    if (!pinned.ok()) return ToGrpcStatus(pinned.status());
    SetSnapshot(stored, *pinned, response->add_snapshots());
  }
  return grpc::Status::OK;
}

grpc::Status SnapshotAdminService::GetStatus(grpc::ServerContext* /*context*/,
                                             const v1::GetStatusRequest* /*request*/,
                                             v1::GetStatusResponse* response) {
  response->set_version(options_.version);
  SetTimestamp(options_.started, response->mutable_started());
  response->set_watching(options_.watching);
  for (const std::shared_ptr<const Table>& table : tables_->List()) {
    const auto pinned = loader_->store().Pinned({table->info().score_set, table->info().variant});
    if (!pinned.ok()) return ToGrpcStatus(pinned.status());
    SetLiveTable(*table, options_.clock(), *pinned, response->add_tables());
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
  const auto entries = loader_->store().ReadJournal(limit == 0 ? kDefaultJournalEntries : limit);
  if (!entries.ok()) return ToGrpcStatus(entries.status());
  size_t bytes = 0;
  for (const JournalEntry& entry : *entries) {
    bytes += entry.actor.size() + entry.detail.size() + kEntryBytes;
    if (bytes > kMaxReceiveMessageBytes) break;  // more than clients accept in one message
    v1::JournalEntry* out = response->add_entries();
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
  return grpc::Status::OK;
}

}  // namespace oasis
