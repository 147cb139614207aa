// How our statuses travel by gRPC, for every service of this program.
#ifndef OASIS_RPC_STATUS_H_
#define OASIS_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"

namespace oasis {

// The same code and message: absl::StatusCode and grpc::StatusCode number the codes alike.
inline grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

// Trailing metadata of a refused call: the milliseconds until it may be tried again, negative for
// not at all. Clients of gRPC that retry obey it (gRPC's proposal A6).
inline constexpr char kRetryPushbackKey[] = "grpc-retry-pushback-ms";

// Trailing metadata of a load that failed, as the server tells it. A call that ends without it and
// without a result has lost its server.
inline constexpr char kLoadEndedKey[] = "x-oasis-load-ended";

}  // namespace oasis

#endif  // OASIS_RPC_STATUS_H_
