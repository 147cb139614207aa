#include "score/chain_lanes.h"

#include <gtest/gtest.h>

#include <random>

namespace oasis {
namespace {

constexpr int kCells = 4;

// By the words of the class.
uint32_t MatchOneByOne(const FallbackChain& chain, uint64_t ids) {
  uint32_t match = 0;
  for (int level = 0; level < kMatchLevels; ++level) {
    for (int cell = 0; cell < kCells; ++cell) {
      const uint64_t id = ids >> (16 * cell) & 0xFFFF;
      if (id == chain.contexts[static_cast<size_t>(level)] + 1U) match |= 1U << (4 * level + cell);
    }
  }
  return match;
}

TEST(ChainLanesTest, FindsTheCellsOfEveryLevel) {
  std::mt19937_64 random(20261121);
  int matches = 0;
  for (int round = 0; round < 100'000; ++round) {
    const uint64_t contexts = uint64_t{1} << (1 + random() % 14);  // few of them meet more often
    FallbackChain chain;
    for (ContextId& context : chain.contexts) {
      if (random() % 4 != 0) context = static_cast<ContextId>(random() % contexts);
    }
    uint64_t ids = 0;
    for (int cell = 0; cell < kCells; ++cell) {
      const uint64_t id = random() % 3 == 0 ? 0 : 1 + random() % contexts;
      ids |= id << (16 * cell);
    }
    const uint32_t expected = MatchOneByOne(chain, ids);
    const ChainLanes lanes(chain);
    ASSERT_EQ(lanes.Match(ids), expected) << round;
    matches += expected != 0;
  }
  EXPECT_GT(matches, 1000);
}

TEST(ChainLanesTest, NoContextMatchesNeitherAnEmptyCellNorTheLastContext) {
  const ChainLanes none((FallbackChain()));
  for (const uint64_t ids : {uint64_t{0}, uint64_t{0x7FFE'7FFE'7FFE'7FFE}}) {
    EXPECT_EQ(none.Match(ids), 0u);
  }
}

}  // namespace
}  // namespace oasis
