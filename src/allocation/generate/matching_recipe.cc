#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "allocation/generate/draw.h"
#include "oasis/allocation_recipes.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr double kMostValue = 0.5;

AllocationTables MakeMatching(const MatchingRecipe& recipe) {
  Draw draw(recipe.seed);
  AllocationTables tables;
  tables.zones.push_back({"matching", "", 1.0, 0.0});
  // Destinations: how often each is chosen, its value, and how much of its budget a value uses.
  std::vector<double> breadth, value, scale;
  double breadth_sum = 0.0;
  for (uint32_t d = 0; d < recipe.destinations; ++d) {
    AllocationItem item;
    item.key = {{uint64_t{d} + 1, draw.Next()}, ItemKind::kTrack};
    tables.items.push_back(item);
    breadth.push_back(draw.LogNormal(0.0, 1.0));
    breadth_sum += breadth.back();
    value.push_back(draw.LogNormal(-4.0, 0.75));
    scale.push_back(draw.LogNormal(0.0, 1.0));
  }
  // Walker's way would be faster; a table of 2^16 places is simpler and near enough.
  std::vector<uint32_t> places;
  double upto = 0.0;
  for (uint32_t d = 0; d < recipe.destinations; ++d) {
    upto += breadth[d] / breadth_sum;
    while (static_cast<double>(places.size()) < upto * 65536.0) places.push_back(d);
  }
  while (places.size() < 65536) places.push_back(recipe.destinations - 1);

  std::vector<double> greedy(recipe.destinations);
  std::vector<uint32_t> chosen;
  AllocationEdges& edges = tables.edges;
  for (int64_t s = 0; s < recipe.sources; ++s) {
    AllocationContext context;
    context.cohort = absl::StrFormat("s%010d", s);
    context.supply = 1.0;
    context.tau = recipe.tau;
    tables.contexts.push_back(std::move(context));
    const double user = draw.LogNormal(0.0, 0.5);
    chosen.clear();
    const auto degree =
        static_cast<size_t>(std::lround(recipe.edges_per_source * draw.Uniform(0.5, 1.5)));
    while (chosen.size() < degree) chosen.push_back(places[draw.Below(65536)]);
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    double best = 0.0;
    uint32_t best_destination = 0;
    for (const uint32_t d : chosen) {
      const double v = std::min(kMostValue, value[d] * user * draw.LogNormal(0.0, 0.5));
      edges.context.push_back(static_cast<uint32_t>(s));
      edges.item.push_back(d);
      edges.organic.push_back(0.5F / static_cast<float>(chosen.size()));
      edges.value.push_back(static_cast<float>(v));
      edges.satisfaction.push_back(0.0F);
      if (v > best) best = v, best_destination = d;
    }
    greedy[best_destination] += 1.0;
  }
  for (uint32_t d = 0; d < recipe.destinations; ++d) {
    const double bound = draw.Uniform(0.5, 1.0) * std::max(greedy[d], 1.0);
    tables.constraints.push_back({absl::StrFormat("destination-%08u", d), ConstraintKind::kCap,
                                  ConstraintScope::kItem, d, "", "", ConstraintUnit::kSlots, bound,
                                  0.0});
  }
  return tables;
}

}  // namespace

absl::StatusOr<AllocationTables> MakeMatchingTables(const MatchingRecipe& recipe) {
  if (recipe.sources < 1 || recipe.sources >= kNobody) {
    return absl::InvalidArgumentError(
        absl::StrCat("sources is ", recipe.sources, "; it must be 1 to ", kNobody - 1));
  }
  if (recipe.destinations < 1 || recipe.destinations > 60'000) {
    return absl::InvalidArgumentError(
        absl::StrCat("destinations is ", recipe.destinations, "; it must be 1 to 60000"));
  }
  if (!(recipe.edges_per_source >= 1.0 && recipe.edges_per_source <= 10'000.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("edges per source is ", recipe.edges_per_source, "; it must be 1 to 10000"));
  }
  return MakeMatching(recipe);
}

}  // namespace oasis
