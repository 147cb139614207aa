#include "allocation/dual_pass.h"

#include <algorithm>
#include <cmath>

#include "oasis/limits.h"

namespace oasis {
namespace {

// What edges that are not notable may have together, of the most that shares can be.
constexpr float kLeftOut = 1.0F / 256.0F;

// A power of two, so many that a sum of at most `most` just fits.
double UnitFor(double most) {
  return most > 0.0 ? std::exp2(std::floor(61.0 - std::log2(most))) : 1.0;
}

}  // namespace

DualPass::DualPass(const AllocationProblem& problem, Regulariser regulariser,
                   const BlockKernel& kernel, Team& team)
    : problem_(problem),
      regulariser_(regulariser),
      kernel_(kernel),
      team_(team),
      shards_(MakeShards(problem)) {
  double min_tau = kMaxEdgeValue;
  for (uint32_t zone = 0; zone < problem.zones.size(); ++zone) {
    load_units_.push_back(LoadUnit(problem, zone));
    min_tau = std::min(min_tau, problem.zone_ranges[zone].min_tau);
  }
  std::vector<double> coefficient(problem.constraints.size());  // the largest
  for (const AllocationProblem::Entry& entry : problem.entries) {
    double& most = coefficient[entry.constraint];
    most = std::max(most, static_cast<double>(entry.coefficient));
  }
  const double supply = problem.supply();
  for (const double most : coefficient) {
    units_.push_back({UnitFor(most * supply), UnitFor(most * most * supply / min_tau)});
  }
  shard_sums_.resize(shards_.size());
  shard_notable_.resize(shards_.size());
  for (int thread = 0; thread < team.size(); ++thread) {
    sums_.emplace_back(problem.constraints.size());
    scratch_.emplace_back(problem);
  }
}

void DualPass::Run(const SlotPrices& prices, bool with_curvature, DualPassResult& result,
                   NotableEdges* notable) {
  for (std::vector<Sums>& sums : sums_) std::fill(sums.begin(), sums.end(), Sums{});
  team_.Run(shards_.size(), [&](size_t shard, int thread) {
    shard_sums_[shard] = RunShard(shards_[shard], prices, with_curvature,
                                  notable == nullptr ? nullptr : &shard_notable_[shard], thread);
  });
  if (notable != nullptr) {
    notable->Clear();
    for (const NotableEdges& part : shard_notable_) notable->Append(part);
  }
  result.blocks = 0.0;
  result.guard_loss.assign(problem_.zones.size(), 0.0);
  if (with_curvature) result.guard_curvature.assign(problem_.zones.size(), 0.0);
  for (size_t shard = 0; shard < shards_.size(); ++shard) {
    result.blocks += shard_sums_[shard].blocks;
    result.guard_loss[shards_[shard].zone] += shard_sums_[shard].guard_loss;
    if (with_curvature) {
      result.guard_curvature[shards_[shard].zone] += shard_sums_[shard].guard_curvature;
    }
  }
  result.activity.resize(units_.size());
  result.curvature.resize(units_.size());
  for (size_t i = 0; i < units_.size(); ++i) {
    Sums sum;
    for (const std::vector<Sums>& sums : sums_) {
      sum.activity += sums[i].activity;
      sum.curvature += sums[i].curvature;
    }
    result.activity[i] = static_cast<double>(sum.activity) / units_[i].activity;
    if (with_curvature) {
      result.curvature[i] =
          static_cast<double>(sum.curvature) / units_[i].curvature / prices.tau_factor;
    }
  }
}

DualPass::ShardSums DualPass::RunShard(const Shard& shard, const SlotPrices& prices,
                                       bool with_curvature, NotableEdges* notable, int thread) {
  ShardScratch& scratch = scratch_[static_cast<size_t>(thread)];
  FoldPrices(problem_, shard.zone, prices.constraint, scratch);
  const uint32_t offers = problem_.zone_ranges[shard.zone + 1].first_offer -
                          problem_.zone_ranges[shard.zone].first_offer;
  std::fill_n(scratch.load.begin(), offers, 0);
  if (with_curvature) std::fill_n(scratch.spread.begin(), offers, 0);
  int64_t* const spread = with_curvature ? scratch.spread.data() : nullptr;
  if (notable != nullptr) notable->Clear();
  ShardSums sums;
  for (uint32_t context = shard.first_context; context < shard.end_context; ++context) {
    const double supply = problem_.contexts[context].supply;
    if (supply == 0.0) continue;
    const Block block = MakeBlock(problem_, context, prices, scratch);
    if (block.size == 0) continue;
    const BlockTerms terms = MakeTerms(problem_, context, prices.tau_factor);
    const BlockResponse response = Respond(kernel_, regulariser_, block, terms, scratch);
    sums.blocks += supply * response.conjugate;
    const Shares shares = {response.scale, response.inverse_most, supply * load_units_[shard.zone]};
    const GuardSums guard =
        kernel_.accumulate(block, scratch.weight.data(), shares, scratch.load.data(), spread);
    sums.guard_loss += supply * guard.loss;
    sums.guard_curvature += supply * guard.squares / terms.tau;
    if (notable == nullptr) continue;
    AddNotable(block, response, scratch.weight.data(), {shard.zone, supply / terms.tau, 0.0, 0},
               *notable);
  }
  if (with_curvature) {
    AddLoads<true>(shard.zone, thread);
  } else {
    AddLoads<false>(shard.zone, thread);
  }
  return sums;
}

void DualPass::AddNotable(const Block& block, const BlockResponse& response, const float* weight,
                          NotableEdges::Context context, NotableEdges& notable) const {
  if (response.scale == 0.0F) return;
  const int64_t first = block.value - problem_.edge_value.data();
  const size_t before = notable.edge.size();
  const bool ridge = regulariser_ == Regulariser::kRidge;
  const float most = ridge ? 0.0F : 1.0F / response.inverse_most / response.scale;
  const float bar = kLeftOut * most / static_cast<float>(block.size);
  for (size_t e = 0; e < block.size; ++e) {
    if (weight[e] <= bar) continue;
    notable.edge.push_back(first + static_cast<int64_t>(e));
    notable.give.push_back(ridge ? 1.0F : weight[e] * response.scale);
  }
  context.end = notable.edge.size();
  if (context.end == before) return;
  context.together = static_cast<double>(response.inverse_most);
  if (ridge && response.load_price > 0.0) {
    context.together = 1.0 / static_cast<double>(context.end - before);
  }
  notable.contexts.push_back(context);
}

template <bool kWithCurvature>
void DualPass::AddLoads(uint32_t zone, int thread) {
  const AllocationProblem::ZoneRange& range = problem_.zone_ranges[zone];
  const uint32_t offers = problem_.zone_ranges[zone + 1].first_offer - range.first_offer;
  const uint32_t* const first_entry = problem_.offer_first_entry.data() + range.first_offer;
  const AllocationProblem::Entry* const entries = problem_.entries.data();
  const int64_t* const load = scratch_[static_cast<size_t>(thread)].load.data();
  const int64_t* const spread = scratch_[static_cast<size_t>(thread)].spread.data();
  Sums* const sums = sums_[static_cast<size_t>(thread)].data();
  const Units* const units = units_.data();
  const double slots_per_unit = 1.0 / load_units_[zone];
  for (uint32_t offer = 0; offer < offers; ++offer) {
    if (load[offer] == 0) continue;
    const double slots = static_cast<double>(load[offer]) * slots_per_unit;
    const double wide =
        kWithCurvature ? static_cast<double>(spread[offer]) * slots_per_unit / range.min_tau : 0.0;
    for (uint32_t i = first_entry[offer]; i < first_entry[offer + 1]; ++i) {
      const auto coefficient = static_cast<double>(entries[i].coefficient);
      const uint32_t row = entries[i].constraint;
      sums[row].activity += static_cast<int64_t>(slots * coefficient * units[row].activity);
      if (!kWithCurvature) continue;
      const double square = wide * coefficient * coefficient;
      sums[row].curvature += static_cast<int64_t>(square * units[row].curvature);
    }
  }
}

}  // namespace oasis
