#include "serving/client_of.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"
#include "rpc/peer_identity.h"

namespace oasis {
namespace {

std::string OwnWord(const grpc::ServerContextBase& context) {
  const auto found = context.client_metadata().find(kClientKey);
  if (found == context.client_metadata().end() || found->second.empty()) return "";
  const absl::string_view name(found->second.data(), found->second.size());
  return absl::StrCat("says:", absl::CHexEscape(name.substr(0, kMaxClientNameBytes)));
}

}  // namespace

std::string ClientOf(const grpc::ServerContextBase& context) {
  std::string name = MainName(PeerIdentityOf(*context.auth_context()));
  if (name.empty()) name = OwnWord(context);
  return name.substr(0, kMaxClientNameBytes);
}

}  // namespace oasis
