#include "score/nearest_name.h"

#include <algorithm>
#include <numeric>

namespace oasis {

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);  // distances of a's beginning to all beginnings of b
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

absl::string_view NearestName(absl::string_view name, const std::vector<absl::string_view>& names) {
  return *std::min_element(names.begin(), names.end(),
                           [&](absl::string_view a, absl::string_view b) {
                             return EditDistance(name, a) < EditDistance(name, b);
                           });
}

}  // namespace oasis
