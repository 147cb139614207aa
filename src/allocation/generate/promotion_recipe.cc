#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "allocation/generate/draw.h"
#include "allocation/generate/promotion_constraints.h"
#include "oasis/allocation_recipes.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr double kZonesPerItem = 4.0;
constexpr double kEdgesPerOffer = 10.0;
constexpr uint32_t kItemsPerArtist = 8;
constexpr double kReferenceSatisfaction = 0.55;
constexpr double kPopularityStep = 15.0;  // of 0 to 100: e times the plays

// How many there are of what, for so many edges.
struct Sizes {
  uint32_t surfaces, markets, cohorts, items, artists, licensors;

  explicit Sizes(double edges) {
    const double contexts = edges / std::clamp(std::sqrt(edges) / 4.0, 20.0, 1000.0);
    surfaces = Rounded(std::pow(contexts, 0.25), 8);
    markets = Rounded(std::pow(contexts / surfaces, 0.55), 60);
    cohorts = Rounded(contexts / (surfaces * markets), 100'000);
    const double offers = edges / std::min(kEdgesPerOffer, static_cast<double>(cohorts));
    const double zones_per_item = std::min(kZonesPerItem, 1.0 + surfaces * markets / 4.0);
    items = Rounded(offers / zones_per_item, 1e9);
    artists = Rounded(static_cast<double>(items) / kItemsPerArtist, 1e9);
    licensors = Rounded(std::sqrt(static_cast<double>(artists)), 500);
  }

  uint32_t zones() const { return surfaces * markets; }

 private:
  static uint32_t Rounded(double value, double most) {
    return static_cast<uint32_t>(std::clamp(std::round(value), 1.0, most));
  }
};

// At most so many of the catalogue, ascending by key, so that rows come in the problem's order.
std::vector<const RecipeTrack*> SampleTracks(const PromotionRecipe& recipe, size_t most) {
  std::vector<const RecipeTrack*> tracks;
  for (const RecipeTrack& track : recipe.catalogue) tracks.push_back(&track);
  Draw draw(~recipe.seed);
  for (size_t i = 0; i < most && most < tracks.size(); ++i) {
    const auto left = static_cast<uint32_t>(tracks.size() - i);
    std::swap(tracks[i], tracks[i + draw.Below(left)]);
  }
  tracks.resize(std::min(most, tracks.size()));
  std::sort(tracks.begin(), tracks.end(),
            [](const RecipeTrack* a, const RecipeTrack* b) { return a->key < b->key; });
  return tracks;
}

class Maker {
 public:
  explicit Maker(const PromotionRecipe& recipe)
      : recipe_(recipe),
        sizes_(static_cast<double>(recipe.edges)),
        zones_per_item_(std::min(kZonesPerItem, 1.0 + sizes_.zones() / 4.0)),
        draw_(recipe.seed) {}

  AllocationTables Make() {
    if (recipe_.catalogue.empty()) {
      InventItems();
    } else {
      TakeItems(SampleTracks(recipe_, sizes_.items));
    }
    MakeZones();
    for (uint32_t zone = 0; zone < sizes_.zones(); ++zone) MakeContexts(zone);
    PromotionConstraints(recipe_, potential_, tables_, draw_).Append();
    return std::move(tables_);
  }

 private:
  void InventItems() {
    tables_.pools = {"new-artists"};
    for (uint32_t i = 0; i < sizes_.artists; ++i) {
      tables_.artists.push_back(absl::StrCat("artist-", i));
    }
    std::vector<uint32_t> pool_of = MakeArtists();
    for (uint32_t i = 0; i < sizes_.items; ++i) {
      AllocationItem item;
      // Ascending, so that rows come in the problem's order.
      item.key = {{(uint64_t{i} + 1) << 32 | draw_.Next() >> 32, draw_.Next()}, ItemKind::kTrack};
      item.artist = draw_.Zipf(sizes_.artists);
      item.pool = pool_of[item.artist];
      AppendItem(item);
      popularity_.push_back(std::pow(1.0 + draw_.Below(sizes_.items), -0.9));
      PlaceItem(i);
    }
  }

  void TakeItems(const std::vector<const RecipeTrack*>& tracks) {
    absl::flat_hash_map<absl::string_view, uint32_t> artists, pools;
    std::vector<AllocationItem> items;
    const auto place_of = [](const std::string& name, auto& places, auto& names) {
      if (name.empty()) return kNobody;
      const auto [found, added] = places.emplace(name, static_cast<uint32_t>(names.size()));
      if (added) names.push_back(name);
      return found->second;
    };
    for (const RecipeTrack* track : tracks) {
      AllocationItem& item = items.emplace_back();
      item.key = track->key;
      item.artist = place_of(track->artist, artists, tables_.artists);
      item.pool = place_of(track->pool, pools, tables_.pools);
    }
    // As many edges, by fewer items in more zones each.
    zones_per_item_ *= static_cast<double>(sizes_.items) / static_cast<double>(items.size());
    sizes_.items = static_cast<uint32_t>(items.size());
    sizes_.artists = static_cast<uint32_t>(tables_.artists.size());
    MakeArtists();
    for (uint32_t i = 0; i < sizes_.items; ++i) {
      AppendItem(items[i]);
      popularity_.push_back(std::exp(tracks[i]->popularity / kPopularityStep));
      PlaceItem(i);
    }
  }

  // Who has them and what they opted in with; returns the pool of each.
  std::vector<uint32_t> MakeArtists() {
    for (uint32_t i = 0; i < sizes_.licensors; ++i) {
      tables_.licensors.push_back(absl::StrFormat("licensor-%03u", i));
    }
    std::vector<uint32_t> pool_of(sizes_.artists, kNobody);
    campaign_of_.assign(sizes_.artists, kNobody);
    for (uint32_t artist = 0; artist < sizes_.artists; ++artist) {
      licensor_of_.push_back(draw_.Zipf(sizes_.licensors));
      if (draw_.Uniform() < 0.1) pool_of[artist] = 0;
      if (draw_.Uniform() < 0.5) continue;
      campaign_of_[artist] = static_cast<uint32_t>(tables_.campaigns.size());
      tables_.campaigns.push_back(absl::StrCat("campaign-", artist));
    }
    return pool_of;
  }

  // Draws what depends on its artist.
  void AppendItem(AllocationItem item) {
    const bool opted_in = draw_.Uniform() < 0.5;
    if (item.artist != kNobody) {
      item.licensor = licensor_of_[item.artist];
      if (opted_in) item.campaign = campaign_of_[item.artist];
    }
    item.royalty_per_stream = static_cast<float>(0.004 * draw_.LogNormal(0.0, 0.3));
    tables_.items.push_back(item);
  }

  void PlaceItem(uint32_t item) {
    track_value_.push_back(draw_.LogNormal(0.0, 0.5));
    track_satisfaction_.push_back(0.52 + 0.1 * draw_.Normal());
    const double degree = zones_per_item_ * draw_.LogNormal(-0.125, 0.5);
    items_of_zone_.resize(sizes_.zones());
    std::vector<uint32_t> zones;
    for (int64_t k = std::max(1L, std::lround(degree)); k > 0; --k) {
      zones.push_back(draw_.Below(sizes_.zones()));
    }
    std::sort(zones.begin(), zones.end());
    zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
    for (const uint32_t zone : zones) items_of_zone_[zone].push_back(item);
  }

  void MakeZones() {
    for (uint32_t surface = 0; surface < sizes_.surfaces; ++surface) {
      for (uint32_t market = 0; market < sizes_.markets; ++market) {
        Zone zone;
        zone.surface = absl::StrFormat("surface-%u", surface);
        zone.market =
            std::string{static_cast<char>('A' + market / 26), static_cast<char>('A' + market % 26)};
        zone.streams_per_slot = draw_.Uniform(0.4, 0.9);
        zone.reference_satisfaction = kReferenceSatisfaction;
        tables_.zones.push_back(zone);
      }
    }
  }

  void MakeContexts(uint32_t zone) {
    const std::vector<uint32_t>& items = items_of_zone_[zone];
    const double share = std::min(1.0, kEdgesPerOffer / sizes_.cohorts);
    std::vector<uint32_t> chance;  // of each offer to be in a context, of 2^32
    std::vector<double> affinity;
    for (size_t i = 0; i < items.size(); ++i) {
      const double degree = share >= 1.0 ? 1.0 : share * draw_.LogNormal(-0.125, 0.5);
      chance.push_back(static_cast<uint32_t>(std::min(degree, 1.0) * 4294967295.0));
      affinity.push_back(popularity_[items[i]] * draw_.LogNormal(0.0, 0.5));
    }
    const double market_size = 1e6 / (1.0 + zone % sizes_.markets);
    double budget = 0.0;
    potential_.StartZone(tables_.zones[zone].streams_per_slot);
    for (uint32_t cohort = 0; cohort < sizes_.cohorts; ++cohort) {
      AllocationContext context;
      context.zone = zone;
      context.cohort = absl::StrFormat("cohort-%05u", cohort);
      context.supply = std::round(market_size * draw_.LogNormal(0.0, 1.2));
      context.load_limit = std::min(1.0, recipe_.load_limit * draw_.Uniform(0.67, 1.33));
      context.tau = recipe_.tau;
      const auto first = static_cast<uint32_t>(tables_.edges.context.size());
      const auto place = static_cast<uint32_t>(tables_.contexts.size());
      tables_.contexts.push_back(context);
      AppendEdges(place, items, chance, affinity);
      potential_.AddContext(tables_, first, context.supply * context.load_limit);
      budget += context.supply * context.load_limit;
    }
    // About what the items of average satisfaction would use up, so that every other zone's binds.
    tables_.zones[zone].satisfaction_budget =
        budget * (kReferenceSatisfaction - 0.52) * draw_.Uniform(0.3, 1.7) / recipe_.tightness;
  }

  void AppendEdges(uint32_t context, const std::vector<uint32_t>& items,
                   const std::vector<uint32_t>& chance, const std::vector<double>& affinity) {
    AllocationEdges& edges = tables_.edges;
    const size_t first = edges.context.size();
    double sum = 0.0;
    for (size_t i = 0; i < items.size(); ++i) {
      if (static_cast<uint32_t>(draw_.Next()) > chance[i]) continue;
      const uint32_t item = items[i];
      const double organic = affinity[i] * draw_.Uniform(0.5, 1.5);
      sum += organic;
      edges.context.push_back(context);
      edges.item.push_back(item);
      edges.organic.push_back(static_cast<float>(organic));
      edges.value.push_back(static_cast<float>(track_value_[item] * draw_.LogNormal(0.0, 0.5)));
      const double satisfaction = track_satisfaction_[item] + 0.08 * draw_.Normal();
      edges.satisfaction.push_back(static_cast<float>(std::clamp(satisfaction, 0.01, 0.99)));
    }
    const double promoted = draw_.Uniform(0.05, 0.15);
    for (size_t e = first; e < edges.organic.size(); ++e) {
      edges.organic[e] = static_cast<float>(static_cast<double>(edges.organic[e]) / sum * promoted);
    }
  }

  const PromotionRecipe& recipe_;
  Sizes sizes_;
  double zones_per_item_;
  Draw draw_;
  AllocationTables tables_;
  PromotionPotential potential_;
  std::vector<double> popularity_, track_value_, track_satisfaction_;  // of items
  std::vector<std::vector<uint32_t>> items_of_zone_;
  std::vector<uint32_t> licensor_of_, campaign_of_;  // of artists
};

}  // namespace

absl::StatusOr<AllocationTables> MakePromotionTables(const PromotionRecipe& recipe) {
  if (recipe.edges < 100 || recipe.edges > kMaxEdges / 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("edges is ", recipe.edges, "; it must be 100 to ", kMaxEdges / 2));
  }
  if (!(recipe.tightness > 0.0 && recipe.tightness <= 10.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("tightness is ", recipe.tightness, "; it must be above 0, at most 10"));
  }
  if (!(recipe.tau >= kMinTau && std::isfinite(recipe.tau))) {
    return absl::InvalidArgumentError(
        absl::StrCat("tau is ", recipe.tau, "; it must be at least ", kMinTau, ", and finite"));
  }
  if (!(recipe.load_limit >= 0.0 && recipe.load_limit <= 1.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the load limit is ", recipe.load_limit, "; it must be 0 to 1"));
  }
  for (const RecipeTrack& track : recipe.catalogue) {
    if (track.popularity >= 0.0 && track.popularity <= 100.0) continue;
    return absl::InvalidArgumentError(absl::StrCat("the popularity of ", FormatKey(track.key),
                                                   " is ", track.popularity,
                                                   "; it must be 0 to 100"));
  }
  return Maker(recipe).Make();
}

}  // namespace oasis
