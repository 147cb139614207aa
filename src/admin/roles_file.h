// The file that says who has which roles.
#ifndef OASIS_ADMIN_ROLES_FILE_H_
#define OASIS_ADMIN_ROLES_FILE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "admin/role.h"

namespace oasis {

// By the name of a certificate (PeerIdentity).
using RoleGrants = std::map<std::string, std::vector<Role>, std::less<>>;

// From JSON:
//
//   {"URI:spiffe://oasis/oncall": ["load", "override"], "DNS:producer.oasis": ["load"]}
//
// InvalidArgument names all that is wrong: the first kMaxBadRowsShown faults, and how many there
// are.
absl::StatusOr<RoleGrants> ParseRoles(absl::string_view text);

}  // namespace oasis

#endif  // OASIS_ADMIN_ROLES_FILE_H_
