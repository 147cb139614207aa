// Who the peer of a call is by its certificate.
#ifndef OASIS_RPC_PEER_IDENTITY_H_
#define OASIS_RPC_PEER_IDENTITY_H_

#include <grpc/grpc_security.h>
#include <grpcpp/security/auth_context.h>

#include <string>

#include "oasis/tls.h"

namespace oasis {

// Of a call that a service answers: PeerIdentityOf(*context.auth_context()).
PeerIdentity PeerIdentityOf(const grpc::AuthContext& context);

// Of a call that gRPC is about to give to its service.
PeerIdentity PeerIdentityOf(const grpc_auth_context& context);

// The name that stands for all in logs and in the journal: the first, escaped, cut to
// kMaxIdentityBytes. Empty when there is none.
std::string MainName(const PeerIdentity& peer);

}  // namespace oasis

#endif  // OASIS_RPC_PEER_IDENTITY_H_
