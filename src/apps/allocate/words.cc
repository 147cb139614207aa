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

}  // namespace oasis
