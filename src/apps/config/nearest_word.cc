#include "apps/config/nearest_word.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

namespace oasis {
namespace {

// How many letters must be put in, taken out, changed or swapped with the next (optimal string
// alignment), row by row of the usual table.
size_t Distance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before_last;
  std::vector<size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<size_t> row(b.size() + 1, i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

}  // namespace

std::optional<std::string> NearestWord(absl::string_view written,
                                       const std::vector<std::string>& words) {
  std::optional<std::string> nearest;
  size_t least = std::max<size_t>(1, written.size() / 3) + 1;
  for (const std::string& word : words) {
    // So no long text is compared letter by letter.
    if (std::max(word.size(), written.size()) - std::min(word.size(), written.size()) >= least) {
      continue;
    }
    const size_t distance = Distance(written, word);
    if (distance >= least) continue;
    least = distance;
    nearest = word;
  }
  return nearest;
}

std::string DidYouMean(absl::string_view written, const std::vector<std::string>& words) {
  const std::optional<std::string> nearest = NearestWord(written, words);
  return nearest.has_value() ? absl::StrCat("; did you mean '", *nearest, "'?") : "";
}

}  // namespace oasis
