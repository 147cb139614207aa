// From our statuses to gRPC's, for every service of this program.
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

}  // namespace oasis

#endif  // OASIS_RPC_STATUS_H_
