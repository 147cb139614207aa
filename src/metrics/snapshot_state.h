// What is known of score sets, live snapshots, loads and overrides between two scrapes.
#ifndef OASIS_METRICS_SNAPSHOT_STATE_H_
#define OASIS_METRICS_SNAPSHOT_STATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "metrics/families.h"
#include "oasis/metrics.h"

namespace oasis {

inline constexpr int kLoadOutcomes = 4;
inline constexpr int kLoadPhases = 8;

// Not thread-safe: the Metrics' mutex guards it. The number of series is bounded: tables by their
// own limits, loads (whose names come from files not yet accepted) by kMaxLoadSeries.
class SnapshotState {
 public:
  void NameScoreSet(int ordinal, absl::string_view name);
  void SetLive(const Metrics::LiveSnapshot& snapshot);
  void CountLoad(absl::string_view score_set, absl::string_view variant, absl::string_view outcome,
                 absl::string_view reason);
  void SetLoadPhases(absl::string_view score_set, absl::string_view variant,
                     const Metrics::PhaseTimes& phases);
  void AddLoadUnderWay(absl::string_view phase, int loads);
  void SetOverrides(std::vector<absl::Time> expires) { overrides_ = std::move(expires); }

  // Names by ordinal; "" where none was given.
  const std::vector<std::string>& score_sets() const { return score_sets_; }

  void WriteTo(Exposition* out, absl::Time now) const;

 private:
  using TableKey = std::pair<std::string, std::string>;  // score set, variant
  struct Live {
    Metrics::LiveSnapshot snapshot;
    int64_t swaps = 0;
  };
  struct Loads {
    std::array<int64_t, kLoadOutcomes> outcomes{};  // by the places of kOutcomes
    Metrics::PhaseTimes phases;                     // of the last one
  };

  void WriteOverrides(Exposition* out, absl::Time now) const;
  Loads& LoadsOf(absl::string_view score_set, absl::string_view variant);

  std::vector<std::string> score_sets_;
  std::map<TableKey, Live> live_;
  std::map<TableKey, Loads> loads_;
  std::map<std::string, int64_t> failures_;   // by reason
  std::array<int, kLoadPhases> under_way_{};  // by the places of kPhases
  std::vector<absl::Time> overrides_;         // when they end
};

}  // namespace oasis

#endif  // OASIS_METRICS_SNAPSHOT_STATE_H_
