// Which name was meant by a misspelt one.
#ifndef OASIS_SCORE_NEAREST_NAME_H_
#define OASIS_SCORE_NEAREST_NAME_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

// How many letters must be added, taken away or replaced to make one of the other (Levenshtein).
size_t EditDistance(absl::string_view a, absl::string_view b);

// The one of `names` with the least distance; the first of several. REQUIRES: `names` is not empty.
absl::string_view NearestName(absl::string_view name, const std::vector<absl::string_view>& names);

}  // namespace oasis

#endif  // OASIS_SCORE_NEAREST_NAME_H_
