#include "allocation/constraint_names.h"

namespace oasis {

absl::string_view NameOf(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::kCap:
      return "cap";
    case ConstraintKind::kCommitment:
      return "commitment";
    case ConstraintKind::kLogFairness:
      return "log_fairness";
    case ConstraintKind::kMaxMinFairness:
      return "max_min_fairness";
  }
  return "unknown";
}

absl::string_view NameOf(ConstraintScope scope) {
  switch (scope) {
    case ConstraintScope::kAll:
      return "all";
    case ConstraintScope::kItem:
      return "item";
    case ConstraintScope::kCampaign:
      return "campaign";
    case ConstraintScope::kArtist:
      return "artist";
    case ConstraintScope::kLicensor:
      return "licensor";
    case ConstraintScope::kPool:
      return "pool";
  }
  return "unknown";
}

absl::string_view NameOf(ConstraintUnit unit) {
  switch (unit) {
    case ConstraintUnit::kSlots:
      return "slots";
    case ConstraintUnit::kStreams:
      return "streams";
    case ConstraintUnit::kRoyalty:
      return "royalty";
  }
  return "unknown";
}

}  // namespace oasis
