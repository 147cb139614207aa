#include "allocation/generate/promotion_constraints.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace oasis {
namespace {

constexpr uint32_t kPoolsPerMinimum = 8;

}  // namespace

void PromotionPotential::AddContext(const AllocationTables& tables, size_t first,
                                    double promoted_slots) {
  const AllocationEdges& edges = tables.edges;
  slots.resize(tables.items.size());
  streams.resize(tables.items.size());
  royalty.resize(tables.items.size());
  if (first == edges.item.size()) return;
  double organic = 0.0;
  size_t best = first;
  for (size_t e = first; e < edges.item.size(); ++e) {
    organic += static_cast<double>(edges.organic[e]);
    if (edges.value[e] > edges.value[best]) best = e;
  }
  for (size_t e = first; e < edges.item.size(); ++e) {
    const double share = static_cast<double>(edges.organic[e]) / organic;
    Add(tables.items[edges.item[e]], edges.item[e],
        0.5 * promoted_slots * (share + (e == best ? 1.0 : 0.0)));
  }
}

void PromotionPotential::Add(const AllocationItem& item, uint32_t place, double slots_more) {
  slots[place] += slots_more;
  streams[place] += slots_more * streams_per_slot_;
  royalty[place] += slots_more * streams_per_slot_ * static_cast<double>(item.royalty_per_stream);
}

void PromotionConstraints::Append() {
  AppendItemCaps();
  AppendArtistRows();
  AppendLicensorRows();
}

std::vector<double> PromotionConstraints::SumOver(Member member, size_t groups,
                                                  const std::vector<double>& of) const {
  std::vector<double> sums(groups);
  for (size_t i = 0; i < tables_.items.size(); ++i) {
    if (const uint32_t group = tables_.items[i].*member; group != kNobody) sums[group] += of[i];
  }
  return sums;
}

void PromotionConstraints::AppendCap(const std::string& name, ConstraintScope scope,
                                     uint32_t subject, ConstraintUnit unit, double could_have) {
  const double bound = could_have * draw_.Uniform(0.5, 1.0) / recipe_.tightness;
  if (bound <= 0.0) return;
  tables_.constraints.push_back(
      {name, ConstraintKind::kCap, scope, subject, "", "", unit, bound, 0.0});
}

void PromotionConstraints::AppendCommitment(const std::string& name, ConstraintScope scope,
                                            uint32_t subject, ConstraintUnit unit,
                                            double could_have) {
  const double bound = could_have * draw_.Uniform(0.7, 0.95) * recipe_.tightness;
  if (bound <= 0.0) return;
  tables_.constraints.push_back({name, ConstraintKind::kCommitment, scope, subject, "", "", unit,
                                 bound, draw_.Uniform(1.0, 4.0)});
}

void PromotionConstraints::AppendItemCaps() {
  for (uint32_t i = 0; i < tables_.items.size(); ++i) {
    if (draw_.Uniform() >= 0.05) continue;
    AppendCap(absl::StrCat("item-", i, "-cap"), ConstraintScope::kItem, i, ConstraintUnit::kSlots,
              potential_.slots[i]);
  }
}

void PromotionConstraints::AppendArtistRows() {
  const std::vector<double> artists =
      SumOver(&AllocationItem::artist, tables_.artists.size(), potential_.slots);
  for (uint32_t a = 0; a < artists.size(); ++a) {
    AppendCap(absl::StrCat("artist-", a, "-cap"), ConstraintScope::kArtist, a,
              ConstraintUnit::kSlots, artists[a]);
    if (draw_.Uniform() < 0.1) {
      AppendCommitment(absl::StrCat("artist-", a, "-floor"), ConstraintScope::kArtist, a,
                       ConstraintUnit::kSlots, 0.5 * artists[a]);
    }
  }
  const std::vector<double> campaigns =
      SumOver(&AllocationItem::campaign, tables_.campaigns.size(), potential_.streams);
  for (uint32_t c = 0; c < campaigns.size(); ++c) {
    AppendCap(absl::StrCat("campaign-", c, "-cap"), ConstraintScope::kCampaign, c,
              ConstraintUnit::kStreams, campaigns[c]);
  }
}

void PromotionConstraints::AppendLicensorRows() {
  const size_t count = tables_.licensors.size();
  const auto slots = SumOver(&AllocationItem::licensor, count, potential_.slots);
  const auto streams = SumOver(&AllocationItem::licensor, count, potential_.streams);
  const auto royalty = SumOver(&AllocationItem::licensor, count, potential_.royalty);
  for (uint32_t l = 0; l < count; ++l) {
    AppendCap(absl::StrCat("licensor-", l, "-cap"), ConstraintScope::kLicensor, l,
              ConstraintUnit::kSlots, slots[l]);
    AppendCap(absl::StrCat("licensor-", l, "-budget"), ConstraintScope::kLicensor, l,
              ConstraintUnit::kRoyalty, royalty[l]);
    AppendCommitment(absl::StrCat("licensor-", l, "-minimum"), ConstraintScope::kLicensor, l,
                     ConstraintUnit::kStreams, streams[l] * (l % 3 == 2 ? 1.5 : 0.6));
  }
  const auto pools = SumOver(&AllocationItem::pool, tables_.pools.size(), potential_.slots);
  for (uint32_t p = 0; p < pools.size(); p += kPoolsPerMinimum) {
    AppendCommitment(absl::StrCat(tables_.pools[p], "-minimum"), ConstraintScope::kPool, p,
                     ConstraintUnit::kSlots, pools[p]);
  }
  if (recipe_.fairness != PromotionRecipe::Fairness::kNone) AppendFairness(slots);
}

void PromotionConstraints::AppendFairness(const std::vector<double>& slots) {
  const double total = std::accumulate(slots.begin(), slots.end(), 0.0);
  const bool log = recipe_.fairness == PromotionRecipe::Fairness::kLog;
  if (!log) tables_.max_min_weight = 0.1 * total;
  for (uint32_t l = 0; l < slots.size(); ++l) {
    if (slots[l] <= 0.0) continue;
    const double weight = 0.1 * total / static_cast<double>(slots.size());
    tables_.constraints.push_back(
        {absl::StrCat("licensor-", l, "-fairness"),
         log ? ConstraintKind::kLogFairness : ConstraintKind::kMaxMinFairness,
         ConstraintScope::kLicensor, l, "", "", ConstraintUnit::kSlots, slots[l],
         log ? weight : 0.0});
  }
}

}  // namespace oasis
