// An invented catalogue: tracks, their artists and licensors, and who opted in with which campaign.
#ifndef OASIS_APPS_GENERATE_CATALOGUE_H_
#define OASIS_APPS_GENERATE_CATALOGUE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/gid.h"

namespace oasis {

// Nothing is kept: whatever is asked about track or artist n is worked out from the seed and n, so
// a catalogue of any size takes no memory. Immutable.
//
// Artist 0 is the most popular one. Artists have from a few to some hundred tracks; plays follow
// Zipf's law over artists and again over the tracks of each.
class Catalogue {
 public:
  struct Track {
    Gid gid;  // any 128-bit number; no two tracks share one
    int64_t artist = 0;
    int64_t popularity = 0;  // plays a day
  };

  // What a row names as the campaign that pays for it.
  enum class Promotion { kNone, kByArtist, kByLicensor };

  struct Dates {
    absl::Time starts_at;
    absl::Time ends_at;
  };

  Catalogue(uint64_t seed, int64_t tracks);

  int64_t tracks() const { return tracks_; }
  int64_t artists() const { return artists_; }

  Track GetTrack(int64_t track) const;

  std::string ArtistName(int64_t artist) const;
  int LicensorOf(int64_t artist) const;
  Promotion PromotionOf(int64_t artist) const;

  // The campaign of that artist, empty when there is none.
  std::string CampaignOf(int64_t artist) const;
  std::string ArtistCampaign(int64_t artist) const;
  std::string LicensorCampaign(int licensor, int number) const;

  // When a campaign runs, around `now`: most are running, a few are over or still to come. Whole
  // days.
  Dates DatesOf(absl::string_view campaign, absl::Time now) const;

 private:
  uint64_t seed_;
  int64_t tracks_;
  int64_t artists_;
};

inline constexpr int kLicensors = 16;
inline constexpr int kCampaignsPerLicensor = 4;
absl::string_view LicensorName(int licensor);

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_CATALOGUE_H_
