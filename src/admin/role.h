// The roles of the admin port, and which call needs which.
#ifndef OASIS_ADMIN_ROLE_H_
#define OASIS_ADMIN_ROLE_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace oasis {

enum class Role { kRead, kLoad, kOverride, kAdmin };

// "read", "load", "override", "admin".
absl::string_view RoleName(Role role);
std::optional<Role> RoleOfName(absl::string_view name);

// Every role may read; admin may everything.
bool Includes(Role has, Role needs);

// What a call ("/oasis.v1.SnapshotAdmin/Pin") needs. Nothing for one that is not known: nobody may
// make it.
std::optional<Role> RoleOfMethod(absl::string_view method);

}  // namespace oasis

#endif  // OASIS_ADMIN_ROLE_H_
