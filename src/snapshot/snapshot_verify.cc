#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "snapshot/manifest_rules.h"
#include "snapshot/remedies.h"
#include "snapshot/statistics.h"

namespace oasis {
namespace {

// Holds the sentinels against the rows; both ascend.
class SentinelCheck {
 public:
  explicit SentinelCheck(const Manifest& manifest) : manifest_(manifest) {}

  absl::Status Add(const ItemRow& row) {
    if (next_ == manifest_.sentinels.size()) return absl::OkStatus();
    const Sentinel& sentinel = manifest_.sentinels[next_];
    if (row.key < sentinel.key) return absl::OkStatus();
    ++next_;
    if (row.key != sentinel.key || !Matches(row, sentinel)) return Wrong(sentinel);
    return absl::OkStatus();
  }

  absl::Status Finish() const {
    if (next_ == manifest_.sentinels.size()) return absl::OkStatus();
    return Wrong(manifest_.sentinels[next_]);
  }

 private:
  bool Matches(const ItemRow& row, const Sentinel& sentinel) const {
    const size_t signals = manifest_.signals.size();
    for (size_t cell = 0; cell < row.contexts.size(); ++cell) {
      if (row.contexts[cell] != sentinel.context) continue;
      for (size_t i = 0; i < signals; ++i) {
        const Signal& signal = manifest_.signals[i];
        const float found = Dequantise(row.scores[cell * signals + i], signal);
        if (!SameScore(sentinel.scores[i], found, signal)) return false;
      }
      return true;
    }
    return false;
  }

  absl::Status Wrong(const Sentinel& sentinel) const {
    return absl::DataLossError(
        absl::StrCat("sentinel ", FormatKey(sentinel.key), " in ",
                     FormatContext(manifest_.contexts[sentinel.context]),
                     ": the rows do not give the scores that the manifest expects"));
  }

  const Manifest& manifest_;
  size_t next_ = 0;
};

absl::Status CompareStatistics(const std::vector<ScoreStatistics>& found,
                               const std::vector<ScoreStatistics>& given) {
  for (size_t i = 0; i < found.size() || i < given.size(); ++i) {
    if (i < found.size() && i < given.size() && found[i] == given[i]) continue;
    const ScoreStatistics& entry = i < given.size() ? given[i] : found[i];
    return absl::DataLossError(absl::StrCat("statistics of context ", entry.context, ", signal ",
                                            entry.signal,
                                            ": the rows do not give what the manifest says"));
  }
  return absl::OkStatus();
}

absl::Status VerifyContent(const std::filesystem::path& dir, const Manifest& manifest,
                           const Progress& progress) {
  const std::string name = dir.string();
  const int64_t bytes = TotalBytes(manifest);
  // Everything is read twice: first the bytes, then the rows, told in bytes too.
  const Progress of_files = [&](int64_t done, int64_t) { return progress(done, 2 * bytes); };
  const Progress of_rows = [&](int64_t done, int64_t total) {
    const double share = static_cast<double>(done) / static_cast<double>(total);
    return progress(bytes + static_cast<int64_t>(share * static_cast<double>(bytes)), 2 * bytes);
  };
  OASIS_RETURN_IF_ERROR(VerifyFiles(dir, manifest, of_files));
  StatisticsCollector statistics(manifest.signals, manifest.contexts.size());
  SentinelCheck sentinels(manifest);
  const auto check_row = [&](const ItemRow& row) {
    statistics.Add(row);
    return Annotate(sentinels.Add(row), name);
  };
  OASIS_RETURN_IF_ERROR(ReadRows(dir, manifest, check_row, of_rows));
  OASIS_RETURN_IF_ERROR(Annotate(sentinels.Finish(), name));
  return Annotate(CompareStatistics(statistics.Take(), manifest.statistics), name);
}

}  // namespace

absl::StatusOr<Manifest> VerifySnapshot(const std::filesystem::path& dir,
                                        const Progress& progress) {
  OASIS_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(dir));
  OASIS_RETURN_IF_ERROR(WithRemedy(VerifyContent(dir, manifest, progress), kGetAgain));
  return manifest;
}

}  // namespace oasis
