// What tables and reports call the parts of a constraint.
#ifndef OASIS_ALLOCATION_CONSTRAINT_NAMES_H_
#define OASIS_ALLOCATION_CONSTRAINT_NAMES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "oasis/allocation_problem.h"
#include "oasis/gid.h"

namespace oasis {

absl::string_view NameOf(ConstraintKind kind);    // "cap"
absl::string_view NameOf(ConstraintScope scope);  // "licensor"
absl::string_view NameOf(ConstraintUnit unit);    // "slots"

// Whom it is about, by the names of AllocationTables or AllocationProblem; empty for kAll.
template <typename Names>
std::string SubjectName(const Names& names, const AllocationConstraint& constraint) {
  switch (constraint.scope) {
    case ConstraintScope::kAll:
      break;
    case ConstraintScope::kItem:
      return FormatKey(names.items[constraint.subject].key);
    case ConstraintScope::kCampaign:
      return names.campaigns[constraint.subject];
    case ConstraintScope::kArtist:
      return names.artists[constraint.subject];
    case ConstraintScope::kLicensor:
      return names.licensors[constraint.subject];
    case ConstraintScope::kPool:
      return names.pools[constraint.subject];
  }
  return "";
}

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CONSTRAINT_NAMES_H_
