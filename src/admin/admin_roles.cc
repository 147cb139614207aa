#include "admin/admin_roles.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "rpc/peer_identity.h"
#include "snapshot/file_io.h"

namespace oasis {
namespace {

std::string WithoutRole(Role role) {
  return absl::StrCat(" without the role ", RoleName(role),
                      "; the server's --admin-roles file grants roles");
}

}  // namespace

absl::StatusOr<std::shared_ptr<AdminRoles>> AdminRoles::Create(Options options) {
  std::shared_ptr<AdminRoles> roles(new AdminRoles(std::move(options)));
  const std::lock_guard lock(roles->mutex_);
  OASIS_RETURN_IF_ERROR(roles->Read());
  return roles;
}

absl::Status AdminRoles::Read() {
  OASIS_ASSIGN_OR_RETURN(std::string text, ReadWholeFile(options_.file, kMaxRolesBytes));
  if (text == text_) return absl::OkStatus();
  auto grants = ParseRoles(text);
  if (!grants.ok()) return Annotate(grants.status(), options_.file.string());
  text_ = std::move(text);
  grants_ = *std::move(grants);
  return absl::OkStatus();
}

void AdminRoles::TakeChanges() {
  const std::optional<std::string> before = text_;
  const absl::Status read = Read();
  if (read.ok()) {
    last_fault_.clear();
    if (text_ != before) options_.changed(read);
  } else if (read.message() != last_fault_) {
    last_fault_ = std::string(read.message());
    options_.changed(read);
  }
}

bool AdminRoles::Refused() {
  const std::lock_guard lock(mutex_);
  TakeChanges();
  return !last_fault_.empty();
}

bool AdminRoles::Grants(Role role, const PeerIdentity& peer) {
  const std::lock_guard lock(mutex_);
  TakeChanges();
  const auto suffices = [role](Role has) { return Includes(has, role); };
  return std::any_of(peer.names.begin(), peer.names.end(), [&](const std::string& name) {
    const auto found = grants_.find(name);
    return found != grants_.end() &&
           std::any_of(found->second.begin(), found->second.end(), suffices);
  });
}

absl::Status AdminRoles::Admit(const PeerIdentity& peer, absl::string_view method,
                               absl::string_view request_id) {
  const std::optional<Role> needed = RoleOfMethod(method);
  if (needed.has_value() && Grants(*needed, peer)) return absl::OkStatus();
  const std::string id = absl::StrCat(" (request ", request_id, ")");
  if (needed.has_value()) return Deny(peer, absl::StrCat(method, WithoutRole(*needed), id));
  return Deny(peer, absl::StrCat(absl::CHexEscape(method.substr(0, kMaxIdentityBytes)),
                                 ", a call that this server does not know; is it as new as the "
                                 "client?",
                                 id));
}

absl::Status AdminRoles::Require(Role role, const PeerIdentity& peer, absl::string_view call) {
  if (Grants(role, peer)) return absl::OkStatus();
  return Deny(peer, absl::StrCat(call, WithoutRole(role)));
}

absl::Status AdminRoles::Deny(const PeerIdentity& peer, absl::string_view rest) const {
  const std::string name = MainName(peer);
  absl::Status denied = absl::PermissionDeniedError(
      absl::StrCat(name.empty() ? "a certificate without a name" : name, " may not call ", rest));
  options_.denied(denied);
  return denied;
}

}  // namespace oasis
