// Who calls.
#ifndef OASIS_SERVING_CLIENT_OF_H_
#define OASIS_SERVING_CLIENT_OF_H_

#include <grpcpp/server_context.h>

#include "absl/strings/string_view.h"

namespace oasis {

inline constexpr char kClientKey[] = "x-oasis-client";

// The client as it names itself in the metadata `x-oasis-client`; empty when it does not. Nobody
// checks that name. Valid as long as the call.
inline absl::string_view ClientOf(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find(kClientKey);
  if (found == context.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

}  // namespace oasis

#endif  // OASIS_SERVING_CLIENT_OF_H_
