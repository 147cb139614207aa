// Which name was meant by a misspelt one.
#ifndef OASIS_SCORE_NEAREST_NAME_H_
#define OASIS_SCORE_NEAREST_NAME_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

// The one of `names` with the fewest letters to add, take away or replace (Levenshtein); the first
// of several. REQUIRES: `names` is not empty.
absl::string_view NearestName(absl::string_view name, const std::vector<absl::string_view>& names);

}  // namespace oasis

#endif  // OASIS_SCORE_NEAREST_NAME_H_
