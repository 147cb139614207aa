// The cells of a slot against the contexts of a request, all at once and without a branch.
#ifndef OASIS_SCORE_CHAIN_LANES_H_
#define OASIS_SCORE_CHAIN_LANES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "oasis/context.h"

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

  // A lane of four times 16 bits for each level, most specific first.
  const uint64_t* lanes() const { return lanes_.data(); }

  // Bit 4 * level + cell is set where the cell has the context of that level; so the lowest bit is
  // the most specific match. REQUIRES: the lanes of `ids` have 15 bits.
  uint32_t Match(uint64_t ids) const {
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
  alignas(32) std::array<uint64_t, kMatchLevels> lanes_;
};

}  // namespace oasis

#endif  // OASIS_SCORE_CHAIN_LANES_H_
