// Who calls the admin port, and why.
#ifndef OASIS_ADMIN_CALLER_H_
#define OASIS_ADMIN_CALLER_H_

#include <grpcpp/server_context.h>

#include <string>

#include "absl/status/status.h"
#include "oasis/loader.h"

namespace oasis {

// Who it is by their certificate, else what the client says of its user; and where it calls from:
// "URI:spiffe://oasis/oncall at ipv4:10.0.0.3:40000", "user alice at ipv4:127.0.0.1:40000". Nobody
// can say of himself what a certificate says: "user " is in front of it.
Caller CallerOf(const grpc::ServerContext& context, const std::string& reason);

// InvalidArgument for one that is too long for the journal.
absl::Status ValidateReason(const std::string& reason);

}  // namespace oasis

#endif  // OASIS_ADMIN_CALLER_H_
