// The number that 22 base62 digits stand for, once for every instruction set.
#ifndef OASIS_SCORE_BASE62_H_
#define OASIS_SCORE_BASE62_H_

#include <cstddef>
#include <cstdint>

#include "oasis/gid.h"

namespace oasis {

inline constexpr size_t kBase62Digits = 22;

__extension__ using Uint128 = unsigned __int128;

inline constexpr Uint128 kBase62Pow8 = 218'340'105'584'896;  // 62^8: eight digits fit 64 bits

// The number high * 62^16 + low, or false when it is above 2^128-1. REQUIRES: low < 62^16.
[[gnu::always_inline]] inline bool JoinBase62(uint64_t high, Uint128 low, Gid* gid) {
  constexpr Uint128 kPow16 = kBase62Pow8 * kBase62Pow8;
  constexpr auto kLargestHigh = static_cast<uint64_t>(~Uint128{0} / kPow16);
  const Uint128 value = kPow16 * high + low;
  *gid = {static_cast<uint64_t>(value >> 64), static_cast<uint64_t>(value)};
  return (high <= kLargestHigh) & (value >= low);
}

// As ParseBase62, of kBase62Digits characters. `gid` is written in any case.
bool ParseBase62Portably(const char* digits, Gid* gid);
#ifdef OASIS_AVX2
bool ParseBase62Avx2(const char* digits, Gid* gid);
#endif

}  // namespace oasis

#endif  // OASIS_SCORE_BASE62_H_
