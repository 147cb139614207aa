// Tracks of a real catalogue, from a file that others made.
#ifndef OASIS_APPS_GENERATE_TRACK_LIST_H_
#define OASIS_APPS_GENERATE_TRACK_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "oasis/allocation_recipes.h"

namespace oasis {

// Reads CSV or JSON lines with the columns `track_id` (22 base62 digits) or `item_uri`, `artists`
// (of several, separated by ';', the first counts), `popularity` (0 to 100) and, if there is one,
// `track_genre` or `genre`; others are passed over. Of rows for one track the first counts.
// InvalidArgument shows the first bad rows with file and line.
absl::StatusOr<std::vector<RecipeTrack>> ReadTrackList(const std::string& path);

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_TRACK_LIST_H_
