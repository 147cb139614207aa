#include "admin/caller.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"
#include "rpc/peer_identity.h"

namespace oasis {

Caller CallerOf(const grpc::ServerContext& context, const std::string& reason) {
  const std::string certified = MainName(PeerIdentityOf(*context.auth_context()));
  if (!certified.empty()) return {absl::StrCat(certified, " at ", context.peer()), reason};
  const auto& metadata = context.client_metadata();
  const auto actor = metadata.find("x-oasis-actor");
  if (actor == metadata.end()) return {context.peer(), reason};
  const absl::string_view name(actor->second.data(), actor->second.size());
  return {absl::StrCat("user ", absl::CHexEscape(name.substr(0, kMaxNameBytes)), " at ",
                       context.peer()),
          reason};
}

absl::Status ValidateReason(const std::string& reason) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  if (std::any_of(reason.begin(), reason.end(), control)) {
    return absl::InvalidArgumentError("reason: has control characters: give one line of text");
  }
  if (!reason.empty() && absl::StripAsciiWhitespace(reason).empty()) {
    return absl::InvalidArgumentError("reason: is blank: say it");
  }
  if (reason.size() <= kMaxReasonBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("reason: has ", reason.size(), " bytes, at most ",
                                                 kMaxReasonBytes, " are kept in the journal"));
}

}  // namespace oasis
