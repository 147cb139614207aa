#include "admin/caller.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"

namespace oasis {

Caller CallerOf(const grpc::ServerContext& context, const std::string& reason) {
  const auto& metadata = context.client_metadata();
  const auto actor = metadata.find("x-oasis-actor");
  if (actor == metadata.end()) return {context.peer(), reason};
  const absl::string_view name(actor->second.data(), actor->second.size());
  return {absl::StrCat(absl::CHexEscape(name.substr(0, kMaxNameBytes)), " at ", context.peer()),
          reason};
}

absl::Status ValidateReason(const std::string& reason) {
  if (reason.size() <= kMaxReasonBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("reason: has ", reason.size(), " bytes, at most ",
                                                 kMaxReasonBytes, " are kept in the journal"));
}

}  // namespace oasis
