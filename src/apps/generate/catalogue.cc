#include "apps/generate/catalogue.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "apps/generate/random.h"

namespace oasis {
namespace {

// One stream of random numbers for each kind of question, so that none depends on another.
enum CatalogueStream : uint64_t { kGid = 1, kTrack = 2, kLicensor = 3, kPromotion = 4, kDates = 5 };

constexpr int64_t kTracksPerArtist = 12;
constexpr uint64_t kTopPlays = 10'000'000;
constexpr uint64_t kHitsPerArtist = 200;

struct Licensor {
  absl::string_view name;
  int weight;  // share of artists, per mille
};

// Three majors, an agency for independents, and the long tail.
constexpr std::array<Licensor, kLicensors> kLicensorList = {{{"Meridian Music Group", 270},
                                                             {"Northwind Entertainment", 200},
                                                             {"Halcyon Records", 160},
                                                             {"Commonwave Agency", 110},
                                                             {"Selfmade Distribution", 90},
                                                             {"Tidepool", 35},
                                                             {"Granite & Gold", 28},
                                                             {"Paper Lantern", 22},
                                                             {"Ninth Street", 18},
                                                             {"Low Orbit", 15},
                                                             {"Saltmarsh", 13},
                                                             {"Kiosk", 11},
                                                             {"Ember Row", 9},
                                                             {"Fjordlys", 8},
                                                             {"Casa Azul", 6},
                                                             {"Tin Roof", 5}}};

constexpr std::array<absl::string_view, 32> kFirst = {
    "Amber",  "Silver",  "Quiet",  "Velvet", "Golden",   "Hollow", "Crimson", "Paper",
    "Wild",   "Glass",   "Hidden", "Broken", "Electric", "Lunar",  "Marble",  "Northern",
    "Pale",   "Rapid",   "Sacred", "Tender", "Urban",    "Violet", "Winter",  "Young",
    "Copper", "Distant", "Early",  "Faded",  "Gentle",   "Humble", "Iron",    "Jade"};
constexpr std::array<absl::string_view, 32> kSecond = {
    "Harbour", "Foxes",   "Choir",   "Sundays", "Parade", "Rivers", "Machine", "Orchard",
    "Engines", "Letters", "Mirrors", "Nights",  "Oceans", "Pilots", "Quarter", "Roses",
    "Saints",  "Thieves", "Union",   "Valley",  "Wolves", "Echoes", "Avenue",  "Bloom",
    "Cinema",  "Desert",  "Empire",  "Fields",  "Garden", "Hearts", "Islands", "Journey"};

uint64_t Unsigned(int64_t value) { return static_cast<uint64_t>(value); }

}  // namespace

absl::string_view LicensorName(int licensor) {
  return kLicensorList[static_cast<size_t>(licensor)].name;
}

Catalogue::Catalogue(uint64_t seed, int64_t tracks)
    : seed_(seed), tracks_(tracks), artists_(std::max<int64_t>(1, tracks / kTracksPerArtist)) {}

Catalogue::Track Catalogue::GetTrack(int64_t track) const {
  Random random(MixAll({seed_, kTrack, Unsigned(track)}));
  Track result;
  // The low half is a bijection of the track's number: gids cannot repeat.
  result.gid.hi = MixAll({seed_, kGid, Unsigned(track)});
  result.gid.lo = Mix(Unsigned(track) ^ Mix(seed_));
  // The square of a uniform number in [0, 1) falls off as 1/sqrt: some artists have many tracks.
  constexpr uint64_t kOne = uint64_t{1} << 32;
  const uint64_t uniform = random.Below(kOne);
  const uint64_t square = uniform * uniform / kOne;
  const auto artist = static_cast<int64_t>(square * Unsigned(artists_) / kOne);
  result.artist = artist;
  const uint64_t plays = kTopPlays / Unsigned(artist + 1) / random.Zipf(kHitsPerArtist);
  result.popularity = static_cast<int64_t>(std::max<uint64_t>(1, plays));
  return result;
}

std::string Catalogue::ArtistName(int64_t artist) const {
  constexpr int64_t kNames = kFirst.size() * kSecond.size();
  const auto name =
      static_cast<size_t>(artist * 397 % kNames);  // 397 is odd: each name once a round
  const int64_t round = artist / kNames;
  return absl::StrCat(kFirst[name % kFirst.size()], " ", kSecond[name / kFirst.size()],
                      round == 0 ? "" : absl::StrCat(" ", round + 1));
}

int Catalogue::LicensorOf(int64_t artist) const {
  std::array<int, kLicensors> weights;
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = kLicensorList[i].weight;
  return Random(MixAll({seed_, kLicensor, Unsigned(artist)})).Weighted(weights);
}

Catalogue::Promotion Catalogue::PromotionOf(int64_t artist) const {
  const uint64_t draw = Random(MixAll({seed_, kPromotion, Unsigned(artist)})).Below(100);
  if (draw < 30) return Promotion::kByArtist;
  if (draw < 80) return Promotion::kByLicensor;
  return Promotion::kNone;
}

std::string Catalogue::CampaignOf(int64_t artist) const {
  switch (PromotionOf(artist)) {
    case Promotion::kNone:
      return "";
    case Promotion::kByArtist:
      return ArtistCampaign(artist);
    case Promotion::kByLicensor:
      return LicensorCampaign(LicensorOf(artist), static_cast<int>(artist % kCampaignsPerLicensor));
  }
  return "";
}

std::string Catalogue::ArtistCampaign(int64_t artist) const {
  return absl::StrFormat("dm-artist-%06d", artist);
}

std::string Catalogue::LicensorCampaign(int licensor, int number) const {
  return absl::StrFormat("dm-licensor-%02d-%d", licensor, number + 1);
}

Catalogue::Dates Catalogue::DatesOf(absl::string_view campaign, absl::Time now) const {
  uint64_t hash = seed_;
  for (const char c : campaign) hash = Mix(hash + static_cast<uint64_t>(c));
  Random random(MixAll({seed_, kDates, hash}));
  const uint64_t kind = random.Below(100);
  const auto lasts = static_cast<int>(30 + random.Below(335));
  int starts = -static_cast<int>(random.Below(30));
  if (kind < 4) starts = -lasts - static_cast<int>(1 + random.Below(60));  // over
  if (kind >= 96) starts = static_cast<int>(1 + random.Below(60));         // to come
  return {now + starts * absl::Hours(24), now + (starts + lasts) * absl::Hours(24)};
}

}  // namespace oasis
