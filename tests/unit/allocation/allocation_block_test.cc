// The inner loops and the answers of single contexts, against plain arithmetic.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "allocation/block_kernel.h"
#include "allocation/block_response.h"
#include "allocation/generate/draw.h"
#include "allocation/problem_layout.h"

namespace oasis {
namespace {

// A block with columns of its own.
struct OwnBlock {
  OwnBlock(size_t size, uint64_t seed, double spread) : scratch(size + kEdgePadding) {
    Draw draw(seed);
    double sum = 0.0;
    for (size_t e = 0; e < size + kEdgePadding; ++e) {
      const bool real = e < size;
      offer.push_back(real ? static_cast<uint32_t>(e) : 0xFFFFFFFF);  // must not be followed
      value.push_back(static_cast<float>(spread * draw.Normal()));
      organic.push_back(static_cast<float>(draw.Uniform(0.01, 1.0)));
      satisfaction.push_back(static_cast<uint16_t>(draw.Below(65536)));
      price.push_back(static_cast<float>(0.1 * draw.Normal()));
      if (real) sum += static_cast<double>(organic.back());
    }
    for (float& share : organic) share = static_cast<float>(static_cast<double>(share) / sum * 0.3);
    block = {offer.data(), value.data(), organic.data(), satisfaction.data(),
             size,         price.data(), 2.0F,           0.25F,
             0.5F};
  }
  OwnBlock(const OwnBlock&) = delete;
  OwnBlock& operator=(const OwnBlock&) = delete;

  std::vector<uint32_t> offer;
  std::vector<float> value, organic, price, scratch;
  std::vector<uint16_t> satisfaction;
  Block block;
};

constexpr size_t kSizes[] = {1, 2, 7, 8, 9, 64, 255, 256, 257, 1000};

TEST(BlockKernelTest, AllKernelsGiveTheSameBits) {
  for (const size_t size : kSizes) {
    OwnBlock own(size, size, 3.0);
    std::vector<std::vector<float>> reduced, weight;
    std::vector<std::vector<int64_t>> load, spread;
    std::vector<double> sums;
    for (const BlockKernel* kernel : BlockKernels()) {
      reduced.emplace_back(size + kEdgePadding);
      weight.emplace_back(size + kEdgePadding);
      load.emplace_back(size);
      spread.emplace_back(size);
      const float most = kernel->reduce(own.block, reduced.back().data());
      sums.push_back(
          kernel->exponentiate(own.block, reduced.back().data(), most, weight.back().data()));
      const GuardSums guard = kernel->accumulate(own.block, weight.back().data(), {0.5F, 2.0F, 1e9},
                                                 load.back().data(), spread.back().data());
      reduced.back().resize(size);
      weight.back().resize(size);
      reduced.back().push_back(most);
      sums.push_back(guard.loss);
      sums.push_back(guard.squares);
    }
    for (size_t k = 1; k < reduced.size(); ++k) {
      EXPECT_EQ(reduced[0], reduced[k]) << size;
      EXPECT_EQ(weight[0], weight[k]) << size;
      EXPECT_EQ(load[0], load[k]) << size;
      EXPECT_EQ(spread[0], spread[k]) << size;
      for (size_t i = 0; i < 3; ++i) EXPECT_EQ(sums[i], sums[3 * k + i]) << size;
    }
  }
}

TEST(BlockKernelTest, ComputesWhatItSays) {
  for (const BlockKernel* kernel : BlockKernels()) {
    for (const size_t size : kSizes) {
      OwnBlock own(size, size, 3.0);
      const Block& block = own.block;
      std::vector<float> reduced(size + kEdgePadding), weight(size + kEdgePadding);
      std::vector<int64_t> load(size), spread(size);
      const float most = kernel->reduce(block, reduced.data());
      const double sum = kernel->exponentiate(block, reduced.data(), most, weight.data());
      const GuardSums guard =
          kernel->accumulate(block, weight.data(), {0.5F, 2.0F, 1e9}, load.data(), spread.data());
      double expected_sum = 0.0, loss = 0.0, squares = 0.0;
      float expected_most = -1e30F;
      for (size_t e = 0; e < size; ++e) {
        const double below = 0.5 - block.satisfaction[e] / 65535.0;
        const double want = 2.0 * (static_cast<double>(block.value[e]) -
                                   static_cast<double>(own.price[e]) - 0.25 * below);
        ASSERT_NEAR(reduced[e], want, 1e-5);
        expected_most = std::max(expected_most, reduced[e]);
        const double w = static_cast<double>(block.organic[e]) *
                         std::exp(static_cast<double>(reduced[e] - most));
        ASSERT_NEAR(weight[e], w, 5e-7 * w);
        expected_sum += w;
        const double share = 0.5 * w;
        loss += share * below;
        squares += (share - share * share * 2.0) * below * below;
        ASSERT_NEAR(static_cast<double>(load[e]), share * 1e9, 6e-7 * share * 1e9 + 0.5);
        ASSERT_NEAR(static_cast<double>(spread[e]), (share - share * share * 2.0) * 1e9,
                    1e-6 * share * 1e9 + 0.5);
      }
      EXPECT_EQ(most, expected_most);
      EXPECT_NEAR(sum, expected_sum, 1e-6 * expected_sum);
      EXPECT_NEAR(guard.loss, loss, 1e-6 * expected_sum);
      EXPECT_NEAR(guard.squares, squares, 1e-6 * expected_sum);
    }
  }
}

TEST(BlockKernelTest, EdgesWithoutAnOrganicShareWeighNothingAndDoNotCountAsLargest) {
  for (const BlockKernel* kernel : BlockKernels()) {
    OwnBlock own(20, 1, 1.0);
    own.organic[3] = 0.0F;
    own.value[3] = 1e6F;
    std::vector<float> reduced(28), weight(28);
    const float most = kernel->reduce(own.block, reduced.data());
    EXPECT_LT(most, 100.0F);
    const double sum = kernel->exponentiate(own.block, reduced.data(), most, weight.data());
    EXPECT_EQ(weight[3], 0.0F);
    EXPECT_TRUE(std::isfinite(sum));
  }
}

// sum of x * reduced - KL((x, rest) || (organic, rest0)), in units of tau.
double Objective(const OwnBlock& own, const std::vector<double>& shares,
                 const std::vector<float>& reduced, double rest) {
  double value = 0.0, total = 0.0;
  for (size_t e = 0; e < shares.size(); ++e) {
    total += shares[e];
    if (shares[e] <= 0.0) continue;
    value += shares[e] * (static_cast<double>(reduced[e]) -
                          std::log(shares[e] / static_cast<double>(own.organic[e])));
  }
  return value - (1.0 - total) * std::log((1.0 - total) / rest);
}

TEST(BlockResponseTest, NoOtherSharesAreWorthMore) {
  const BlockKernel& kernel = *BlockKernels().front();
  for (const double limit : {1.0, 0.5, 0.05}) {
    OwnBlock own(12, 7, 1.0);
    std::vector<float> reduced(20), weight(20);
    const float most = kernel.reduce(own.block, reduced.data());
    const BlockTerms terms = {1.0, 0.7, limit};
    const BlockResponse response =
        RespondSoftmax(kernel, own.block, terms, reduced.data(), most, weight.data());
    std::vector<double> shares;
    double total = 0.0;
    for (size_t e = 0; e < 12; ++e) {
      shares.push_back(static_cast<double>(weight[e]) * static_cast<double>(response.scale));
      total += shares.back();
    }
    EXPECT_LE(total, limit * (1.0 + 1e-6));
    const double best = Objective(own, shares, reduced, 0.7);
    EXPECT_NEAR(best, response.conjugate, 1e-6);
    Draw draw(3);
    for (int trial = 0; trial < 200; ++trial) {
      std::vector<double> other = shares;
      double sum = 0.0;
      for (double& share : other) sum += share *= draw.LogNormal(0.0, 0.3);
      for (double& share : other) share *= std::min(1.0, std::min(limit, 0.999) / sum);
      EXPECT_LE(Objective(own, other, reduced, 0.7), best + 1e-6);
    }
  }
}

// By halving the threshold: slow, and as simple as can be.
std::vector<double> ProjectByHalving(const std::vector<float>& point, double limit) {
  const auto at = [&](double threshold) {
    std::vector<double> shares;
    for (const float x : point) {
      shares.push_back(std::max(0.0, static_cast<double>(x) - threshold));
    }
    return shares;
  };
  const auto sum = [](const std::vector<double>& shares) {
    double total = 0.0;
    for (const double share : shares) total += share;
    return total;
  };
  if (sum(at(0.0)) <= limit) return at(0.0);
  double low = 0.0, high = 1e3;
  for (int step = 0; step < 200; ++step) {
    const double middle = 0.5 * (low + high);
    (sum(at(middle)) > limit ? low : high) = middle;
  }
  return at(high);
}

TEST(BlockResponseTest, TheRidgeProjectsOntoTheSimplex) {
  Draw draw(11);
  for (int trial = 0; trial < 500; ++trial) {
    const size_t size = 1 + draw.Below(20);
    OwnBlock own(size, 1, 1.0);
    std::vector<float> reduced;
    for (size_t e = 0; e < size; ++e) {
      // Ties and negative ones among them.
      reduced.push_back(static_cast<float>(std::round(draw.Normal() * 4.0) / 4.0));
    }
    const double limit = trial % 3 == 0 ? 0.0 : draw.Uniform(0.1, 3.0);
    std::vector<float> weight(size + kEdgePadding);
    const BlockResponse response =
        RespondRidge(own.block, {1.0, 0.7, limit}, reduced.data(), 0.0F, weight.data());
    const std::vector<double> expected = ProjectByHalving(reduced, limit);
    double conjugate = 0.0;
    for (size_t e = 0; e < size; ++e) {
      ASSERT_NEAR(weight[e], expected[e], 1e-6) << trial;
      conjugate += expected[e] * (static_cast<double>(reduced[e]) - 0.5 * expected[e]);
    }
    EXPECT_NEAR(response.conjugate, conjugate, 1e-6);
  }
}

}  // namespace
}  // namespace oasis
