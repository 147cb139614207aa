// What someone may have meant to write.
#ifndef OASIS_APPS_CONFIG_NEAREST_WORD_H_
#define OASIS_APPS_CONFIG_NEAREST_WORD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

// That of `words` from which `written` differs least, if that is a slip and no other word: letters
// left out, too many, wrong or swapped with a neighbour, one in three at most. The first of
// several.
std::optional<std::string> NearestWord(absl::string_view written,
                                       const std::vector<std::string>& words);

// "; did you mean 'keep'?" or nothing.
std::string DidYouMean(absl::string_view written, const std::vector<std::string>& words);

}  // namespace oasis

#endif  // OASIS_APPS_CONFIG_NEAREST_WORD_H_
