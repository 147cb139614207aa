#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/manifest_rules.h"
#include "snapshot/remedies.h"

namespace oasis {
namespace {

// Takes `part` off what is left of a total; false when it is more (which also keeps sums from
// overflowing).
bool TakeOff(int64_t part, int64_t* left) {
  if (part > *left) return false;
  *left -= part;
  return true;
}

absl::Status ValidateFiles(const Manifest& manifest) {
  int64_t left = manifest.items;
  int64_t bytes_left = kMaxSnapshotBytes;
  absl::flat_hash_set<absl::string_view> names;
  const ScoreFile* previous = nullptr;
  for (const ScoreFile& file : manifest.files) {
    OASIS_RETURN_IF_ERROR(ValidateName("file", file.name));
    if (file.name == kManifestFile || !names.insert(file.name).second) {
      return Damaged("file ", file.name, " stands twice");
    }
    if (file.first_key.kind == ItemKind::kInvalid || file.last_key.kind == ItemKind::kInvalid) {
      return Damaged("file ", file.name, " begins or ends with an invalid key");
    }
    if (file.bytes == 0 ||
        !TakeOff(static_cast<int64_t>(std::min<uint64_t>(file.bytes, INT64_MAX)), &bytes_left) ||
        file.items <= 0 || static_cast<uint64_t>(file.items) > file.bytes ||
        file.first_key > file.last_key || (file.items == 1) != (file.first_key == file.last_key)) {
      return Damaged("file ", file.name, ": ", file.bytes, " bytes and ", file.items,
                     " items from ", FormatKey(file.first_key), " to ", FormatKey(file.last_key),
                     " cannot be");
    }
    if (previous != nullptr && file.first_key <= previous->last_key) {
      return Damaged("file ", file.name, " begins before ", previous->name, " ends");
    }
    if (!TakeOff(file.items, &left)) {
      return Damaged("the files up to ", file.name, " hold more items than the ", manifest.items,
                     " of items");
    }
    previous = &file;
  }
  if (left == 0) return absl::OkStatus();
  return Damaged("the files hold ", manifest.items - left, " items, but items is ", manifest.items);
}

absl::Status ValidateEntry(const Manifest& manifest, const ScoreStatistics& entry) {
  if (entry.context >= manifest.contexts.size() || entry.signal < 0 ||
      static_cast<size_t>(entry.signal) >= manifest.signals.size()) {
    return Damaged("no such context or signal");
  }
  const double limit =
      static_cast<double>(manifest.signals[static_cast<size_t>(entry.signal)].scale) * (1 + 1e-9);
  // Written so that a NaN fails.
  if (!(-limit <= entry.min && entry.min <= entry.mean && entry.mean <= entry.max &&
        entry.max <= limit)) {
    return Damaged("min ", entry.min, ", mean ", entry.mean, " and max ", entry.max,
                   " must ascend within the scale");
  }
  int64_t left = entry.rows;
  bool fits = entry.rows > 0 && entry.histogram.size() == kHistogramBins;
  for (int64_t count : entry.histogram) fits = fits && count >= 0 && TakeOff(count, &left);
  if (fits && left == 0) return absl::OkStatus();
  return Damaged("the histogram does not hold the ", entry.rows, " rows");
}

absl::Status ValidateStatistics(const Manifest& manifest) {
  std::vector<int64_t> left(manifest.signals.size(), manifest.rows);
  std::pair<int, int> previous(-1, -1);
  for (const ScoreStatistics& entry : manifest.statistics) {
    const std::pair<int, int> place(entry.context, entry.signal);
    const std::string name =
        absl::StrCat("statistics of context ", entry.context, ", signal ", entry.signal);
    if (place <= previous) return Damaged(name, ": they must ascend");
    previous = place;
    OASIS_RETURN_IF_ERROR(Annotate(ValidateEntry(manifest, entry), name));
    if (!TakeOff(entry.rows, &left[static_cast<size_t>(entry.signal)])) {
      return Damaged(name, ": more rows than the snapshot's ", manifest.rows);
    }
  }
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i] != 0) {
      return Damaged("the statistics of signal ", manifest.signals[i].name, " hold ",
                     manifest.rows - left[i], " rows, but rows is ", manifest.rows);
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateSentinels(const Manifest& manifest) {
  if (manifest.sentinels.size() > kSentinels ||
      manifest.sentinels.empty() != (manifest.items == 0)) {
    return Damaged("there are ", manifest.sentinels.size(), " sentinels for ", manifest.items,
                   " items; there must be 1 to ", kSentinels);
  }
  const Sentinel* previous = nullptr;
  for (const Sentinel& sentinel : manifest.sentinels) {
    const std::string name = absl::StrCat("sentinel ", FormatKey(sentinel.key));
    if (previous != nullptr && sentinel.key <= previous->key) {
      return Damaged(name, ": sentinels must ascend");
    }
    previous = &sentinel;
    if (sentinel.key.kind == ItemKind::kInvalid || sentinel.context >= manifest.contexts.size() ||
        sentinel.scores.size() != manifest.signals.size()) {
      return Damaged(name, ": it has no valid key, no known context or not one score a signal");
    }
    for (float score : sentinel.scores) {
      if (!std::isfinite(score)) return Damaged(name, ": score ", score, " is not finite");
    }
  }
  return absl::OkStatus();
}

}  // namespace

int64_t TotalBytes(const Manifest& manifest) {
  int64_t bytes = 0;
  for (const ScoreFile& file : manifest.files) bytes += static_cast<int64_t>(file.bytes);
  return bytes;
}

absl::Status ValidateContent(const Manifest& manifest) {
  if (manifest.items < 0 || manifest.rows < manifest.items ||
      (manifest.items == 0 && manifest.rows != 0) || manifest.items > kMaxItems ||
      manifest.rows > kMaxRows ||
      manifest.rows > manifest.items * static_cast<int64_t>(manifest.contexts.size())) {
    return Damaged(manifest.rows, " rows of ", manifest.items, " items in ",
                   manifest.contexts.size(), " contexts cannot be");
  }
  OASIS_RETURN_IF_ERROR(ValidateFiles(manifest));
  OASIS_RETURN_IF_ERROR(ValidateStatistics(manifest));
  return ValidateSentinels(manifest);
}

}  // namespace oasis
