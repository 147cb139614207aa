#include "guardrails/drift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace oasis {
namespace {

using Bins = std::vector<int64_t>;

TEST(DriftTest, OfTheSameSharesIsNothingWhateverTheNumberOfRows) {
  const Bins live = {10, 20, 30, 40};
  const Bins candidate = {100, 200, 300, 400};
  EXPECT_EQ(PopulationStabilityIndex(live, candidate), 0);
  EXPECT_EQ(KolmogorovSmirnov(live, candidate), 0);
}

// (.3 - .5) ln(.3 / .5) + (.7 - .5) ln(.7 / .5) = .10217 + .06729
TEST(DriftTest, OfTwoBinsIsAsWorkedOutByHand) {
  const Bins live = {500, 500};
  const Bins candidate = {30, 70};
  EXPECT_NEAR(PopulationStabilityIndex(live, candidate), 0.16946, 1e-5);
  EXPECT_NEAR(PopulationStabilityIndex(candidate, live), 0.16946, 1e-5);  // symmetric
  EXPECT_NEAR(KolmogorovSmirnov(live, candidate), 0.2, 1e-12);
}

// Up to each bin: .4 - .1, .6 - .3, .8 - .7, 1 - 1.
TEST(DriftTest, KsIsTheLargestDifferenceOfWhatLiesBelow) {
  EXPECT_NEAR(KolmogorovSmirnov({4, 2, 2, 2}, {1, 2, 4, 3}), 0.3, 1e-12);
}

// Five bins of .04 are two groups, {.04 .04 .04} and {.04 .04 | .8 is alone}: nothing moves between
// groups when rows move within the first.
TEST(DriftTest, NeighbouringBinsBelowATenthAreOneGroup) {
  EXPECT_NEAR(PopulationStabilityIndex({4, 4, 4, 4, 4, 80}, {6, 2, 4, 4, 4, 80}), 0, 1e-12);
  // From the second group to the third: (.04 - .08) ln(.04 / .08) + (.84 - .8) ln(.84 / .8)
  EXPECT_NEAR(PopulationStabilityIndex({4, 4, 4, 4, 4, 80}, {4, 4, 4, 2, 2, 84}),
              0.04 * std::log(2.0) + 0.04 * std::log(1.05), 1e-12);
}

// Groups of one side's rows alone would be blind to this: all of that side's are in one.
TEST(DriftTest, IsSeenWhenAllScoresWereAndAreTheSame) {
  const Bins live = {0, 0, 1000, 0, 0};
  // Twice (1 - .0001) ln(1 / .0001)
  const double whole = 2 * 0.9999 * std::log(1e4);
  EXPECT_NEAR(PopulationStabilityIndex(live, {0, 1000, 0, 0, 0}), whole, 1e-9);
  EXPECT_NEAR(PopulationStabilityIndex(live, {0, 0, 0, 0, 1000}), whole, 1e-9);
  EXPECT_EQ(KolmogorovSmirnov(live, {0, 0, 0, 0, 1000}), 1);
}

}  // namespace
}  // namespace oasis
