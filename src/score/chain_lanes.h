// The cells of a slot against the contexts of a request, all at once and without a branch.
#ifndef OASIS_SCORE_CHAIN_LANES_H_
#define OASIS_SCORE_CHAIN_LANES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "oasis/context.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace oasis {

// A slot keeps the contexts of its four cells in the 16-bit lanes of one word, as id + 1; an empty
// cell is 0. Immutable.
class ChainLanes {
 public:
  static constexpr uint64_t kEach = 0x0001'0001'0001'0001;  // times a lane: that lane four times

  explicit ChainLanes(const FallbackChain& chain) {
    for (size_t level = 0; level < kMatchLevels; ++level) {
      lanes_[level] = (chain.contexts[level] + uint64_t{1}) * kEach;
    }
  }

  // Bit 4 * level + cell is set where the cell has the context of that level; so the lowest bit is
  // the most specific match. REQUIRES: the lanes of `ids` have 15 bits.
  uint32_t Match(uint64_t ids) const {
#ifdef __SSE2__  // part of every x86-64
    const __m128i cells = _mm_set1_epi64x(static_cast<int64_t>(ids));
    const __m128i upper = _mm_cmpeq_epi16(cells, Pair(0));
    const __m128i lower = _mm_cmpeq_epi16(cells, Pair(2));
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(upper, lower)));
#else
    return MatchPortably(ids);
#endif
  }

  // The same on any machine.
  uint32_t MatchPortably(uint64_t ids) const {
    constexpr uint64_t kLow15 = 0x7FFF * kEach;
    constexpr uint64_t kGather = uint64_t{1} << 48 | uint64_t{1} << 33 | 1 << 18 | 1 << 3;
    uint32_t match = 0;
    for (size_t level = 0; level < kMatchLevels; ++level) {
      // Adding 0x7FFF carries into a lane's high bit unless the lane is 0.
      const uint64_t equal = ~((ids ^ lanes_[level]) + kLow15) >> 15 & kEach;
      match |= static_cast<uint32_t>(equal * kGather >> 48 & 0xF) << (4 * level);
    }
    return match;
  }

 private:
#ifdef __SSE2__
  __m128i Pair(size_t level) const {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(&lanes_[level]));
  }
#endif

  alignas(16) std::array<uint64_t, kMatchLevels> lanes_;
};

}  // namespace oasis

#endif  // OASIS_SCORE_CHAIN_LANES_H_
