#include "allocation/plan_pass.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace oasis {
namespace {

// Shares are floats. So much less than computed, no rounding takes a sum over its bound.
constexpr double kShrink = 1.0 - 4e-7;

}  // namespace

PlanPass::PlanPass(const AllocationProblem& problem, Regulariser regulariser,
                   const BlockKernel& kernel, Team& team)
    : problem_(problem),
      regulariser_(regulariser),
      kernel_(kernel),
      team_(team),
      shards_(MakeShards(problem)),
      loads_(problem.offers()),
      shard_sums_(shards_.size()) {
  for (uint32_t zone = 0; zone < problem.zones.size(); ++zone) {
    load_units_.push_back(LoadUnit(problem, zone));
  }
  for (int thread = 0; thread < team.size(); ++thread) scratch_.emplace_back(problem);
}

void PlanPass::Run(const SlotPrices& prices, const PlanTerms& terms, const Visit& visit,
                   PlanSums& sums) {
  std::fill(loads_.begin(), loads_.end(), 0);
  team_.Run(shards_.size(), [&](size_t shard, int thread) {
    shard_sums_[shard] = RunShard(shards_[shard], prices, terms, visit, thread);
  });
  sums.value = sums.regulariser = sums.best_value = 0.0;
  sums.harm.assign(problem_.zones.size(), 0.0);
  sums.benefit.assign(problem_.zones.size(), 0.0);
  for (size_t shard = 0; shard < shards_.size(); ++shard) {
    const ShardSums& part = shard_sums_[shard];
    sums.value += part.value;
    sums.regulariser += part.regulariser;
    sums.best_value += part.best_value;
    sums.harm[shards_[shard].zone] += part.harm;
    sums.benefit[shards_[shard].zone] += part.benefit;
  }
  sums.slots.resize(loads_.size());
  for (uint32_t zone = 0; zone < problem_.zones.size(); ++zone) {
    const double slots = 1.0 / load_units_[zone];
    for (uint32_t offer = problem_.zone_ranges[zone].first_offer;
         offer < problem_.zone_ranges[zone + 1].first_offer; ++offer) {
      sums.slots[offer] = static_cast<double>(loads_[offer]) * slots;
    }
  }
}

PlanPass::ShardSums PlanPass::RunShard(const Shard& shard, const SlotPrices& prices,
                                       const PlanTerms& terms, const Visit& visit, int thread) {
  Scratch& scratch = scratch_[static_cast<size_t>(thread)];
  FoldPrices(problem_, shard.zone, prices.constraint, scratch);
  const uint32_t first = problem_.zone_ranges[shard.zone].first_offer;
  const uint32_t offers = problem_.zone_ranges[shard.zone + 1].first_offer - first;
  for (uint32_t offer = 0; offer < offers; ++offer) {
    scratch.load[offer] = 0;
    const double factor =
        terms.offer_factor.empty() ? 1.0 : static_cast<double>(terms.offer_factor[first + offer]);
    scratch.log_factor[offer] = std::log(factor * kShrink);
  }
  ShardSums sums;
  for (uint32_t context = shard.first_context; context < shard.end_context; ++context) {
    if (problem_.contexts[context].supply == 0.0) continue;
    const Block block = MakeBlock(problem_, context, prices, scratch);
    if (block.size > 0) AddBlock(block, context, prices, terms, visit, thread, sums);
  }
  for (uint32_t offer = 0; offer < offers; ++offer) {
    if (scratch.load[offer] == 0) continue;
    std::atomic_ref<int64_t>(loads_[first + offer])
        .fetch_add(scratch.load[offer], std::memory_order_relaxed);
  }
  return sums;
}

void PlanPass::AddBlock(const Block& block, uint32_t context, const SlotPrices& prices,
                        const PlanTerms& terms, const Visit& visit, int thread, ShardSums& sums) {
  Scratch& scratch = scratch_[static_cast<size_t>(thread)];
  const uint32_t zone = problem_.contexts[context].zone;
  const double supply = problem_.contexts[context].supply;
  const BlockTerms block_terms = MakeTerms(problem_, context, prices.tau_factor);
  const bool softmax = regulariser_ == Regulariser::kEntropy;
  BlockResponse response = Respond(kernel_, regulariser_, block, block_terms, scratch);
  sums.best_value += supply * block_terms.load_limit * block_terms.tau *
                     std::max(0.0, static_cast<double>(response.most));
  const float* lift = scratch.reduced.data();  // share = organic * exp(lift + log_scale)
  if (softmax && std::isfinite(terms.score_limit)) {
    response.scale = LimitScores(block, block_terms, response, terms.score_limit, scratch);
    response.log_scale = std::log(static_cast<double>(response.scale));
    lift = scratch.scores.data();
  }

  const double harm_factor = terms.harm_factor.empty() ? 1.0 : terms.harm_factor[zone];
  const auto reference = static_cast<double>(block.reference_satisfaction);
  const double log_harm = std::log(harm_factor);
  const uint32_t first_offer = problem_.zone_ranges[zone].first_offer;
  double total = 0.0;
  for (size_t e = 0; e < block.size; ++e) {
    double factor = static_cast<double>(response.scale) * kShrink;
    if (!terms.offer_factor.empty()) {
      factor *= static_cast<double>(terms.offer_factor[first_offer + block.offer[e]]);
    }
    if (block.satisfaction[e] / 65535.0 < reference) factor *= harm_factor;
    scratch.weight[e] = static_cast<float>(static_cast<double>(scratch.weight[e]) * factor);
    total += static_cast<double>(scratch.weight[e]);
  }
  // By rounding or by factors above 1 the shares may sum up to too much.
  double log_scale = response.log_scale;
  if (total > block_terms.load_limit) {
    const double fit = block_terms.load_limit / total * kShrink;
    log_scale += std::log(fit);
    total = 0.0;
    for (size_t e = 0; e < block.size; ++e) {
      scratch.weight[e] = static_cast<float>(static_cast<double>(scratch.weight[e]) * fit);
      total += static_cast<double>(scratch.weight[e]);
    }
  }

  double value = 0.0, divergence = 0.0, squares = 0.0, harm = 0.0, benefit = 0.0;
  const double unit = supply * load_units_[zone];
  const double* const log_factor = scratch.log_factor.data();
  for (size_t e = 0; e < block.size; ++e) {
    const auto share = static_cast<double>(scratch.weight[e]);
    if (share == 0.0) continue;
    value += share * static_cast<double>(block.value[e]);
    squares += share * share;
    double log_share = static_cast<double>(lift[e]) + log_scale + log_factor[block.offer[e]];
    const double below = reference - block.satisfaction[e] / 65535.0;
    if (below > 0.0) {
      harm += share * below;
      log_share += log_harm;
    } else {
      benefit -= share * below;
    }
    divergence += share * log_share;
    scratch.load[block.offer[e]] += std::llrint(share * unit);
  }
  const double rest = 1.0 - total;
  if (rest > 0.0) divergence += rest * std::log(rest / block_terms.rest);
  sums.value += supply * value;
  sums.regulariser += supply * block_terms.tau * (softmax ? divergence : 0.5 * squares);
  sums.harm += supply * harm;
  sums.benefit += supply * benefit;
  if (!visit) return;
  FillScores(block, block_terms, response, rest, terms.score_limit, scratch);
  visit({context, absl::MakeConstSpan(scratch.weight).first(block.size),
         absl::MakeConstSpan(scratch.scores).first(block.size),
         absl::MakeConstSpan(scratch.reduced).first(block.size), response.load_price},
        thread);
}

// Shares that a ranker makes of limited scores. scratch.scores has these, scratch.weight organic *
// exp(score); returns what to scale it by.
float PlanPass::LimitScores(const Block& block, const BlockTerms& terms,
                            const BlockResponse& response, double score_limit,
                            Scratch& scratch) const {
  for (size_t e = 0; e < block.size; ++e) {
    const double score = static_cast<double>(scratch.reduced[e]) - response.load_price;
    scratch.scores[e] = static_cast<float>(std::clamp(score, -score_limit, score_limit));
  }
  const double sum =
      kernel_.exponentiate(block, scratch.scores.data(), 0.0F, scratch.weight.data());
  const double all = terms.rest + sum;
  return static_cast<float>(sum <= terms.load_limit * all ? 1.0 / all : terms.load_limit / sum);
}

void PlanPass::FillScores(const Block& block, const BlockTerms& terms,
                          const BlockResponse& response, double rest, double score_limit,
                          Scratch& scratch) const {
  const double log_rest = std::log(std::max(rest, 1e-300) / terms.rest);
  for (size_t e = 0; e < block.size; ++e) {
    const auto organic = static_cast<double>(block.organic[e]);
    const auto share = static_cast<double>(scratch.weight[e]);
    double score = kLeastScore;
    if (organic == 0.0) {
      score = std::max(-score_limit, static_cast<double>(scratch.reduced[e]) - response.load_price);
    } else if (share > 0.0) {
      score = std::log(share / organic) - log_rest;
    }
    scratch.scores[e] = static_cast<float>(std::clamp(score, kLeastScore, score_limit));
  }
}

}  // namespace oasis
