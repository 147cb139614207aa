// How commands call the admin port.
#ifndef OASIS_APPS_COMMANDS_ADMIN_CALL_H_
#define OASIS_APPS_COMMANDS_ADMIN_CALL_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "apps/client.h"
#include "oasis/status.h"
#include "oasis/v1/snapshot_admin.grpc.pb.h"

namespace oasis {

// One unary call of `method` (&v1::SnapshotAdmin::Stub::GetStatus) to an admin port.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallAdmin(const Peer& peer,
                                   grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                   const Request& request) {
  OASIS_ASSIGN_OR_RETURN(const auto channel, OpenChannel(peer));
  Stub stub(channel);
  grpc::ClientContext context;
  SetUp(context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return CallStatus(status, context, peer);
  return response;
}

// Starts a stream of load phases.
using StartLoad = std::function<std::unique_ptr<grpc::ClientReader<v1::LoadSnapshotResponse>>(
    v1::SnapshotAdmin::Stub& stub, grpc::ClientContext* context)>;

// Follows what was started to its end, with its progress on the terminal. Ctrl-C cancels it on the
// server, too, unless it comes too late for that.
absl::StatusOr<v1::LoadResult> AwaitLoad(const Peer& peer, const StartLoad& start);

// AwaitLoad for a load, publish or rollback, of which it prints the result.
absl::Status FollowLoad(const Peer& peer, bool json, const StartLoad& start);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_ADMIN_CALL_H_
