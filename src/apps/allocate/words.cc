#include "apps/allocate/words.h"

namespace oasis {

const char* StopWord(StopReason reason) {
  switch (reason) {
    case StopReason::kGap:
      return "gap";
    case StopReason::kStalled:
      return "stalled";
    case StopReason::kPasses:
      return "passes";
    case StopReason::kTime:
      return "time";
    case StopReason::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

const char* RegulariserWord(Regulariser regulariser) {
  switch (regulariser) {
    case Regulariser::kEntropy:
      return "entropy";
    case Regulariser::kRidge:
      return "ridge";
  }
  return "unknown";
}

const char* KindWord(ConstraintKind kind) {
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

const char* ScopeWord(ConstraintScope scope) {
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

const char* UnitWord(ConstraintUnit unit) {
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
