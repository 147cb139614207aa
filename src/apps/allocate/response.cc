#include "apps/allocate/response.h"

#include <algorithm>
#include <cmath>

#include "oasis/limits.h"

namespace oasis {

float ScoreFor(Response response, float shift, float share) {
  switch (response) {
    case Response::kLogit:
      return std::max(shift, kLeastWrittenScore);
    case Response::kMultiplier:
      return std::expm1(shift);
    case Response::kShare:
      return share;
  }
  return 0.0F;
}

}  // namespace oasis
