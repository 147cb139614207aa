#include "allocation/shards.h"

#include <algorithm>
#include <cmath>

#include "allocation/problem_layout.h"

namespace oasis {
namespace {

constexpr int64_t kShardEdges = 1 << 17;
// A shard goes over all offers of its zone: it must have so many edges for each.
constexpr int64_t kMinEdgesPerOffer = 8;

uint32_t OffersOf(const AllocationProblem& problem, uint32_t zone) {
  return problem.zone_ranges[zone + 1].first_offer - problem.zone_ranges[zone].first_offer;
}

}  // namespace

std::vector<Shard> MakeShards(const AllocationProblem& problem) {
  std::vector<Shard> shards;
  for (uint32_t zone = 0; zone < problem.zones.size(); ++zone) {
    const uint32_t end = problem.zone_ranges[zone + 1].first_context;
    const int64_t most = std::max(kShardEdges, kMinEdgesPerOffer * OffersOf(problem, zone));
    uint32_t first = problem.zone_ranges[zone].first_context;
    for (uint32_t context = first; context < end; ++context) {
      const int64_t edges =
          problem.contexts[context + 1].first_edge - problem.contexts[first].first_edge;
      if (edges < most && context + 1 < end) continue;
      shards.push_back({zone, first, context + 1});
      first = context + 1;
    }
  }
  return shards;
}

ShardScratch::ShardScratch(const AllocationProblem& problem) {
  uint32_t offers = 0;
  for (uint32_t zone = 0; zone < problem.zones.size(); ++zone) {
    offers = std::max(offers, OffersOf(problem, zone));
  }
  int64_t edges = 0;
  for (uint32_t context = 0; context < problem.context_count(); ++context) {
    edges = std::max(
        edges, problem.contexts[context + 1].first_edge - problem.contexts[context].first_edge);
  }
  price.resize(offers);
  load.resize(offers);
  spread.resize(offers);
  reduced.resize(static_cast<size_t>(edges) + kEdgePadding);
  weight.resize(static_cast<size_t>(edges) + kEdgePadding);
}

double LoadUnit(const AllocationProblem& problem, uint32_t zone) {
  const AllocationProblem::ZoneRange& range = problem.zone_ranges[zone];
  if (range.supply <= 0.0) return 1.0;
  // A share can be a little more than 1 by rounding. A sum has 62 bits, one addend 50 (see
  // BlockKernel::accumulate).
  double most = 0.0;
  for (uint32_t c = range.first_context; c < problem.zone_ranges[zone + 1].first_context; ++c) {
    most = std::max(most, problem.contexts[c].supply);
  }
  return std::exp2(std::floor(std::min(50.0 - std::log2(most), 61.0 - std::log2(range.supply))));
}

void FoldPrices(const AllocationProblem& problem, uint32_t zone,
                const std::vector<double>& constraint_prices, ShardScratch& scratch) {
  const uint32_t first = problem.zone_ranges[zone].first_offer;
  const uint32_t offers = OffersOf(problem, zone);
  const uint32_t* first_entry = problem.offer_first_entry.data() + first;
  const AllocationProblem::Entry* entry = problem.entries.data() + first_entry[0];
  const double* const of = constraint_prices.data();
  float* const prices = scratch.price.data();
  for (uint32_t offer = 0; offer < offers; ++offer) {
    double price = 0.0;
    const auto* const end = problem.entries.data() + first_entry[offer + 1];
    for (; entry != end; ++entry) {
      price += static_cast<double>(entry->coefficient) * of[entry->constraint];
    }
    prices[offer] = static_cast<float>(price);
  }
}

Block MakeBlock(const AllocationProblem& problem, uint32_t context, const SlotPrices& prices,
                const ShardScratch& scratch) {
  const AllocationProblem::Context& row = problem.contexts[context];
  const auto first = static_cast<size_t>(row.first_edge);
  Block block;
  block.offer = problem.edge_offer.data() + first;
  block.value = problem.edge_value.data() + first;
  block.organic = problem.edge_organic.data() + first;
  block.satisfaction = problem.edge_satisfaction.data() + first;
  block.size = static_cast<size_t>(problem.contexts[context + 1].first_edge) - first;
  block.price = scratch.price.data();
  block.inverse_tau = static_cast<float>(1.0 / (row.tau * prices.tau_factor));
  block.guard_price = static_cast<float>(prices.guard[row.zone]);
  block.reference_satisfaction = static_cast<float>(problem.zones[row.zone].reference_satisfaction);
  return block;
}

BlockTerms MakeTerms(const AllocationProblem& problem, uint32_t context, double tau_factor) {
  const AllocationProblem::Context& row = problem.contexts[context];
  return {row.tau * tau_factor, row.rest, row.load_limit};
}

BlockResponse Respond(const BlockKernel& kernel, Regulariser regulariser, const Block& block,
                      const BlockTerms& terms, ShardScratch& scratch) {
  const float most = kernel.reduce(block, scratch.reduced.data());
  if (regulariser == Regulariser::kRidge) {
    return RespondRidge(block, terms, scratch.reduced.data(), most, scratch.weight.data());
  }
  return RespondSoftmax(kernel, block, terms, scratch.reduced.data(), most, scratch.weight.data());
}

}  // namespace oasis
