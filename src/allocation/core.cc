#include "allocation/core.h"

#include <cstddef>
#include <utility>

#include "allocation/problem_layout.h"

namespace oasis {
namespace {

// A core that is being made, zone by zone.
class Maker {
 public:
  Maker(const AllocationProblem& problem, const std::vector<int64_t>& edges)
      : problem_(problem), edges_(edges) {}

  AllocationProblem Make() {
    core_.zones = problem_.zones;
    core_.zone_ranges = problem_.zone_ranges;
    core_.contexts = problem_.contexts;
    core_.constraints.resize(problem_.constraints.size());
    for (size_t i = 0; i < core_.constraints.size(); ++i) {
      core_.constraints[i].kind = problem_.constraints[i].kind;
    }
    core_.offer_first_entry.push_back(0);
    for (uint32_t zone = 0; zone < problem_.zones.size(); ++zone) AddZone(zone);
    core_.zone_ranges.back().first_offer = core_.offers();
    size_t taken = 0;
    for (AllocationProblem::Context& context : core_.contexts) {
      while (taken < edges_.size() && edges_[taken] < context.first_edge) ++taken;
      context.first_edge = static_cast<int64_t>(taken);
    }
    TakeColumn(problem_.edge_value, core_.edge_value);
    TakeColumn(problem_.edge_organic, core_.edge_organic);
    TakeColumn(problem_.edge_satisfaction, core_.edge_satisfaction);
    core_.edge_offer.resize(edges_.size() + kEdgePadding);
    return std::move(core_);
  }

 private:
  void AddZone(uint32_t zone) {
    const uint32_t first_offer = problem_.zone_ranges[zone].first_offer;
    const uint32_t end_offer = problem_.zone_ranges[zone + 1].first_offer;
    const int64_t end_edge =
        problem_.contexts[problem_.zone_ranges[zone + 1].first_context].first_edge;
    const uint32_t first_core_offer = core_.offers();
    core_.zone_ranges[zone].first_offer = first_core_offer;
    std::vector<uint32_t> place(end_offer - first_offer, kNobody);
    const size_t first = next_;
    for (; next_ < edges_.size() && edges_[next_] < end_edge; ++next_) {
      place[problem_.edge_offer[static_cast<size_t>(edges_[next_])]] = 0;
    }
    for (uint32_t i = 0; i < place.size(); ++i) {
      if (place[i] == kNobody) continue;
      place[i] = core_.offers() - first_core_offer;
      AddOffer(first_offer + i);
    }
    for (size_t e = first; e < next_; ++e) {
      core_.edge_offer.push_back(place[problem_.edge_offer[static_cast<size_t>(edges_[e])]]);
    }
  }

  void AddOffer(uint32_t offer) {
    core_.offer_item.push_back(problem_.offer_item[offer]);
    const auto entry = [&](uint32_t o) {
      return problem_.entries.begin() + static_cast<ptrdiff_t>(problem_.offer_first_entry[o]);
    };
    core_.entries.insert(core_.entries.end(), entry(offer), entry(offer + 1));
    core_.offer_first_entry.push_back(static_cast<uint32_t>(core_.entries.size()));
  }

  template <typename T>
  void TakeColumn(const std::vector<T>& from, std::vector<T>& to) const {
    to.reserve(edges_.size() + kEdgePadding);
    for (const int64_t edge : edges_) to.push_back(from[static_cast<size_t>(edge)]);
    to.resize(edges_.size() + kEdgePadding);
  }

  const AllocationProblem& problem_;
  const std::vector<int64_t>& edges_;
  AllocationProblem core_;
  size_t next_ = 0;  // of edges_
};

}  // namespace

Core::Core(const AllocationProblem& problem, const BlockKernel& kernel, Team& team,
           Regulariser regulariser, const std::vector<int64_t>& edges, const SlotPrices& prices,
           const DualPassResult& pass)
    : problem_(Maker(problem, edges).Make()),
      pass_(problem_, regulariser, kernel, team),
      prices_(prices),
      rest_(pass) {
  DualPassResult own;
  pass_.Run(prices, false, own);
  rest_.blocks -= own.blocks;
  for (size_t i = 0; i < own.activity.size(); ++i) rest_.activity[i] -= own.activity[i];
  for (size_t z = 0; z < own.guard_loss.size(); ++z) rest_.guard_loss[z] -= own.guard_loss[z];
}

void Core::Run(const SlotPrices& prices, DualPassResult& result, NotableEdges& notable) {
  pass_.Run(prices, true, result, &notable);
  result.blocks += rest_.blocks;
  for (size_t i = 0; i < result.activity.size(); ++i) {
    result.blocks -= rest_.activity[i] * (prices.constraint[i] - prices_.constraint[i]);
    result.activity[i] += rest_.activity[i];
  }
  for (size_t z = 0; z < result.guard_loss.size(); ++z) {
    result.blocks -= rest_.guard_loss[z] * (prices.guard[z] - prices_.guard[z]);
    result.guard_loss[z] += rest_.guard_loss[z];
  }
}

}  // namespace oasis
