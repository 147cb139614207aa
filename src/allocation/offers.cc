#include "allocation/offers.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

// The constraints by what they are about.
class ConstraintIndex {
 public:
  explicit ConstraintIndex(const AllocationProblem& problem) : problem_(problem) {
    for (size_t i = 0; i < problem.constraints.size(); ++i) {
      const AllocationConstraint& constraint = problem.constraints[i];
      const bool all = constraint.scope == ConstraintScope::kAll;
      about_[{constraint.scope, all ? 0 : constraint.subject}].push_back(static_cast<uint32_t>(i));
    }
  }

  void AppendEntries(const AllocationItem& item, uint32_t item_place, const Zone& zone,
                     std::vector<AllocationProblem::Entry>& entries) const {
    const auto first = static_cast<ptrdiff_t>(entries.size());
    const std::pair<ConstraintScope, uint32_t> subjects[] = {
        {ConstraintScope::kAll, 0},
        {ConstraintScope::kItem, item_place},
        {ConstraintScope::kCampaign, item.campaign},
        {ConstraintScope::kArtist, item.artist},
        {ConstraintScope::kLicensor, item.licensor},
        {ConstraintScope::kPool, item.pool},
    };
    for (const auto& subject : subjects) {
      const auto found = about_.find(subject);
      if (found == about_.end()) continue;
      for (const uint32_t i : found->second) {
        const AllocationConstraint& constraint = problem_.constraints[i];
        if (!constraint.surface.empty() && constraint.surface != zone.surface) continue;
        if (!constraint.market.empty() && constraint.market != zone.market) continue;
        const auto coefficient = static_cast<float>(Coefficient(constraint, item, zone));
        if (coefficient > 0.0F) entries.push_back({i, coefficient});
      }
    }
    std::sort(entries.begin() + first, entries.end(),
              [](const auto& a, const auto& b) { return a.constraint < b.constraint; });
  }

 private:
  static double Coefficient(const AllocationConstraint& constraint, const AllocationItem& item,
                            const Zone& zone) {
    double coefficient = 1.0;
    if (constraint.unit != ConstraintUnit::kSlots) coefficient = zone.streams_per_slot;
    if (constraint.unit == ConstraintUnit::kRoyalty) {
      coefficient *= static_cast<double>(item.royalty_per_stream);
    }
    const bool fairness = constraint.kind == ConstraintKind::kLogFairness ||
                          constraint.kind == ConstraintKind::kMaxMinFairness;
    return fairness ? coefficient / constraint.bound : coefficient;
  }

  const AllocationProblem& problem_;
  absl::flat_hash_map<std::pair<ConstraintScope, uint32_t>, std::vector<uint32_t>> about_;
};

}  // namespace

absl::Status MakeOffers(AllocationProblem& problem) {
  const ConstraintIndex index(problem);
  std::vector<uint32_t> offer_of(problem.items.size(), kNobody);  // in the zone at hand
  std::vector<uint32_t> present;
  problem.offer_first_entry.push_back(0);
  for (size_t z = 0; z < problem.zone_ranges.size(); ++z) {
    problem.zone_ranges[z].first_offer = problem.offers();
    if (z == problem.zones.size()) break;
    const auto first =
        static_cast<size_t>(problem.contexts[problem.zone_ranges[z].first_context].first_edge);
    const auto end =
        static_cast<size_t>(problem.contexts[problem.zone_ranges[z + 1].first_context].first_edge);
    present.clear();
    for (size_t e = first; e < end; ++e) {
      const uint32_t item = problem.edge_offer[e];
      if (offer_of[item] != kNobody) continue;
      offer_of[item] = 0;
      present.push_back(item);
    }
    std::sort(present.begin(), present.end());
    if (problem.offer_item.size() + present.size() > kMaxOffers) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "there are more than ", kMaxOffers, " pairs of an item and a surface in a market"));
    }
    for (const uint32_t item : present) {
      offer_of[item] = problem.offers() - problem.zone_ranges[z].first_offer;
      problem.offer_item.push_back(item);
      index.AppendEntries(problem.items[item], item, problem.zones[z], problem.entries);
      problem.offer_first_entry.push_back(static_cast<uint32_t>(problem.entries.size()));
    }
    for (size_t e = first; e < end; ++e) {
      problem.edge_offer[e] = offer_of[problem.edge_offer[e]];
    }
    for (const uint32_t item : present) offer_of[item] = kNobody;
  }
  if (problem.entries.size() > 0xFFFFFFFFu) {
    return absl::ResourceExhaustedError("constraints count more than 2^32 offers");
  }
  return absl::OkStatus();
}

}  // namespace oasis
