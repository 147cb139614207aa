#include "apps/generate/value_terms.h"

#include <utility>
#include <vector>

#include "apps/generate/random.h"

namespace oasis {
namespace {

enum ValueStream : uint64_t { kShares = 21 };
constexpr uint64_t kMostOfATerm = 100;
constexpr uint64_t kGrowthOfAPool = 150;  // more than of other items

struct Shares {
  double growth = 0.0;
  double revenue = 0.0;  // what is left is reward
};

std::vector<Shares> DrawShares(uint64_t seed, const std::vector<AllocationItem>& items) {
  std::vector<Shares> shares;
  shares.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    Random random(MixAll({seed, kShares, i}));
    uint64_t growth = 1 + random.Below(kMostOfATerm);
    if (items[i].pool != kNobody) growth += kGrowthOfAPool;
    const uint64_t revenue = 1 + random.Below(kMostOfATerm);
    const uint64_t reward = 1 + random.Below(kMostOfATerm);
    const auto sum = static_cast<double>(growth + revenue + reward);
    shares.push_back({static_cast<double>(growth) / sum, static_cast<double>(revenue) / sum});
  }
  return shares;
}

}  // namespace

void SplitValue(uint64_t seed, AllocationTables* tables) {
  const std::vector<Shares> shares = DrawShares(seed, tables->items);
  AllocationEdges& edges = tables->edges;
  const size_t size = edges.value.size();
  std::vector<float> growth(size), revenue(size), reward(size);
  for (size_t e = 0; e < size; ++e) {
    const auto value = static_cast<double>(edges.value[e]);
    const Shares& share = shares[edges.item[e]];
    growth[e] = static_cast<float>(value * share.growth);
    revenue[e] = static_cast<float>(value * share.revenue);
    reward[e] = static_cast<float>(value - static_cast<double>(growth[e]) -
                                   static_cast<double>(revenue[e]));
  }
  tables->terms = {{"growth", 1.0}, {"revenue", 1.0}, {"reward", 1.0}};
  edges.terms = {std::move(growth), std::move(revenue), std::move(reward)};
  edges.value = {};
}

}  // namespace oasis
