// Who calls the admin port, and why.
#ifndef OASIS_ADMIN_CALLER_H_
#define OASIS_ADMIN_CALLER_H_

#include <grpcpp/server_context.h>

#include <string>

#include "absl/status/status.h"
#include "oasis/loader.h"

namespace oasis {

// What the client says of its user, and where it calls from.
Caller CallerOf(const grpc::ServerContext& context, const std::string& reason);

// InvalidArgument for one that is too long for the journal.
absl::Status ValidateReason(const std::string& reason);

}  // namespace oasis

#endif  // OASIS_ADMIN_CALLER_H_
