#include "snapshot/override_batch.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr int kDigits = 5;
static_assert(kMaxOverrides <= 99'999);

}  // namespace

std::vector<Override> MakeBatch(const Override& decision, absl::Span<const std::string> item_uris,
                                absl::string_view batch) {
  std::vector<Override> overrides;
  absl::flat_hash_set<absl::string_view> items;
  for (const std::string& uri : item_uris) {
    if (!items.insert(uri).second) continue;
    overrides.push_back(decision);
    overrides.back().item_uri = uri;
    overrides.back().id = absl::StrFormat("%s-%0*d", batch, kDigits, overrides.size());
  }
  return overrides;
}

bool IsOfBatch(absl::string_view id, absl::string_view batch) {
  return id.size() == batch.size() + 1 + kDigits && absl::StartsWith(id, batch) &&
         id[batch.size()] == '-' &&
         std::all_of(id.begin() + static_cast<std::ptrdiff_t>(batch.size()) + 1, id.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace oasis
