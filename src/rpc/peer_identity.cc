#include "rpc/peer_identity.h"

#include <grpc/grpc_security_constants.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

// A kind of name, the way OpenSSL writes it and as gRPC calls it.
struct Kind {
  absl::string_view prefix;
  const char* property;
};

constexpr std::array<Kind, 3> kKinds = {{
    {"URI:", GRPC_PEER_URI_PROPERTY_NAME},
    {"DNS:", GRPC_PEER_DNS_PROPERTY_NAME},
    {"CN:", GRPC_X509_CN_PROPERTY_NAME},
}};

}  // namespace

PeerIdentity PeerIdentityOf(const grpc::AuthContext& context) {
  PeerIdentity peer;
  for (const Kind& kind : kKinds) {
    for (const grpc::string_ref& value : context.FindPropertyValues(kind.property)) {
      peer.names.push_back(
          absl::StrCat(kind.prefix, absl::string_view(value.data(), value.size())));
    }
  }
  return peer;
}

PeerIdentity PeerIdentityOf(const grpc_auth_context& context) {
  PeerIdentity peer;
  for (const Kind& kind : kKinds) {
    auto values = grpc_auth_context_find_properties_by_name(&context, kind.property);
    while (const grpc_auth_property* found = grpc_auth_property_iterator_next(&values)) {
      peer.names.push_back(
          absl::StrCat(kind.prefix, absl::string_view(found->value, found->value_length)));
    }
  }
  return peer;
}

std::string MainName(const PeerIdentity& peer) {
  if (peer.names.empty()) return "";
  return absl::CHexEscape(absl::string_view(peer.names.front()).substr(0, kMaxIdentityBytes));
}

}  // namespace oasis
