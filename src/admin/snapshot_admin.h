// oasis.v1.SnapshotAdmin over gRPC: loading, publishing and inspecting snapshots.
#ifndef OASIS_ADMIN_SNAPSHOT_ADMIN_H_
#define OASIS_ADMIN_SNAPSHOT_ADMIN_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "admin/admin_roles.h"
#include "oasis/live_tables.h"
#include "oasis/loader.h"
#include "oasis/staleness.h"
#include "oasis/v1/snapshot_admin.grpc.pb.h"

namespace oasis {

// Turns calls into what the loader, its store and the live tables do and know; it has no state of
// its own. Who calls, for the journal, is told by CallerOf. To
// be registered on a server that someone else makes. Thread-safe.
class SnapshotAdminService final : public v1::SnapshotAdmin::Service {
 public:
  struct Options {
    std::string version;
    absl::Time started;
    std::string watching;      // the watched directory; empty: none
    StalenessRules staleness;  // as the server has them
    // For a load or publish with force, which need the role admin. Null: everyone may everything.
    std::shared_ptr<AdminRoles> roles;
    std::function<absl::Time()> clock = [] { return absl::Now(); };
  };

  SnapshotAdminService(std::shared_ptr<Loader> loader, std::shared_ptr<LiveTables> tables,
                       Options options);

  grpc::Status LoadSnapshot(grpc::ServerContext* context, const v1::LoadSnapshotRequest* request,
                            grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) override;
  grpc::Status CheckSnapshot(grpc::ServerContext* context, const v1::CheckSnapshotRequest* request,
                             grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) override;
  grpc::Status ListSnapshots(grpc::ServerContext* context, const v1::ListSnapshotsRequest* request,
                             v1::ListSnapshotsResponse* response) override;
  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;
  grpc::Status PublishSnapshot(grpc::ServerContext* context,
                               const v1::PublishSnapshotRequest* request,
                               grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) override;
  grpc::Status Rollback(grpc::ServerContext* context, const v1::RollbackRequest* request,
                        grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) override;
  grpc::Status Pin(grpc::ServerContext* context, const v1::PinRequest* request,
                   v1::PinResponse* response) override;
  grpc::Status Unpin(grpc::ServerContext* context, const v1::UnpinRequest* request,
                     v1::UnpinResponse* response) override;
  grpc::Status ListJournal(grpc::ServerContext* context, const v1::ListJournalRequest* request,
                           v1::ListJournalResponse* response) override;

 private:
  const std::shared_ptr<Loader> loader_;
  const std::shared_ptr<LiveTables> tables_;
  const Options options_;
};

}  // namespace oasis

#endif  // OASIS_ADMIN_SNAPSHOT_ADMIN_H_
