// Who calls.
#ifndef OASIS_SERVING_CLIENT_OF_H_
#define OASIS_SERVING_CLIENT_OF_H_

#include <grpcpp/server_context.h>

#include <string>

namespace oasis {

inline constexpr char kClientKey[] = "x-oasis-client";

// The client, as its rate and the log know it; escaped, of at most kMaxClientNameBytes:
//
//   "URI:spiffe://oasis/ranking"   by its certificate (MainName); what it calls itself is ignored
//   "says:ranking"                 without one, as it calls itself in `x-oasis-client`; unchecked
//   ""                             without either
//
// No kind of name in a certificate is written `says:`, so nobody can call himself what another's
// certificate does. A certificate without any name counts as none.
//
// Copies names: to be asked only where the answer is needed.
std::string ClientOf(const grpc::ServerContextBase& context);

}  // namespace oasis

#endif  // OASIS_SERVING_CLIENT_OF_H_
