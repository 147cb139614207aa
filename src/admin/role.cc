#include "admin/role.h"

#include <array>
#include <utility>

namespace oasis {
namespace {

constexpr std::array<std::pair<Role, absl::string_view>, 4> kNames = {{
    {Role::kRead, "read"},
    {Role::kLoad, "load"},
    {Role::kOverride, "override"},
    {Role::kAdmin, "admin"},
}};

// The one table of them. LoadSnapshot and PublishSnapshot with `force` need kAdmin: they go
// past the guardrails.
constexpr std::array<std::pair<absl::string_view, Role>, 18> kMethods = {{
    {"/oasis.v1.SnapshotAdmin/GetStatus", Role::kRead},
    {"/oasis.v1.SnapshotAdmin/ListSnapshots", Role::kRead},
    {"/oasis.v1.SnapshotAdmin/ListJournal", Role::kRead},
    {"/oasis.v1.SnapshotAdmin/CheckSnapshot", Role::kRead},
    {"/oasis.v1.SnapshotAdmin/LoadSnapshot", Role::kLoad},
    {"/oasis.v1.SnapshotAdmin/PublishSnapshot", Role::kLoad},
    {"/oasis.v1.SnapshotAdmin/Rollback", Role::kLoad},
    {"/oasis.v1.SnapshotAdmin/Pin", Role::kLoad},
    {"/oasis.v1.SnapshotAdmin/Unpin", Role::kLoad},
    {"/oasis.v1.OverrideAdmin/ListOverrides", Role::kRead},
    {"/oasis.v1.OverrideAdmin/PutOverride", Role::kOverride},
    {"/oasis.v1.OverrideAdmin/DeleteOverride", Role::kOverride},
    {"/oasis.v1.OverrideAdmin/PutOverrideBatch", Role::kOverride},
    {"/oasis.v1.OverrideAdmin/DeleteOverrideBatch", Role::kOverride},
    {"/oasis.v1.OverrideAdmin/RenewOverrides", Role::kOverride},
    {"/oasis.v1.ServerAdmin/GetLogLevel", Role::kRead},
    {"/oasis.v1.ServerAdmin/SetLogLevel", Role::kAdmin},
    {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Role::kRead},
}};

}  // namespace

absl::string_view RoleName(Role role) {
  for (const auto& [known, name] : kNames) {
    if (known == role) return name;
  }
  return "";
}

std::optional<Role> RoleOfName(absl::string_view name) {
  for (const auto& [role, known] : kNames) {
    if (known == name) return role;
  }
  return std::nullopt;
}

bool Includes(Role has, Role needs) {
  return has == needs || has == Role::kAdmin || needs == Role::kRead;
}

std::optional<Role> RoleOfMethod(absl::string_view method) {
  for (const auto& [known, role] : kMethods) {
    if (known == method) return role;
  }
  return std::nullopt;
}

}  // namespace oasis
