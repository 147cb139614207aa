// Times in whole seconds, as rules compare them.
#ifndef OASIS_OVERRIDES_SECONDS_H_
#define OASIS_OVERRIDES_SECONDS_H_

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/time/time.h"

namespace oasis {

// Seconds since 1970, rounded down; what is outside of 1970 to 2106 is its nearer end.
inline uint32_t SecondsDown(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  return static_cast<uint32_t>(
      std::clamp<int64_t>(seconds, 0, std::numeric_limits<uint32_t>::max()));
}

// The same, rounded up: the first whole second that is not before `time`.
inline uint32_t SecondsUp(absl::Time time) {
  const uint32_t down = SecondsDown(time);
  const bool more = time > absl::FromUnixSeconds(down);
  return more && down < std::numeric_limits<uint32_t>::max() ? down + 1 : down;
}

}  // namespace oasis

#endif  // OASIS_OVERRIDES_SECONDS_H_
