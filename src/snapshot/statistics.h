// The statistics and sentinels of a snapshot, worked out while its rows go by.
#ifndef OASIS_SNAPSHOT_STATISTICS_H_
#define OASIS_SNAPSHOT_STATISTICS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "oasis/table.h"

namespace oasis {

// Counts in integers of the quantised scores, so that the same rows give the same bytes everywhere.
class StatisticsCollector {
 public:
  StatisticsCollector(std::vector<Signal> signals, size_t contexts);

  // REQUIRES: a row by the rules of ItemRow.
  void Add(const ItemRow& row);

  // One entry for each context that had a row, and each signal; ascending.
  std::vector<ScoreStatistics> Take() const;

 private:
  struct Counts {
    int64_t rows = 0;
    int64_t sum = 0;
    int16_t min = kQuantisedMax;
    int16_t max = -kQuantisedMax;
    std::array<int64_t, kHistogramBins> histogram{};
  };

  std::vector<Signal> signals_;
  std::vector<std::unique_ptr<Counts[]>> contexts_;  // one a signal; null until a row comes
};

// Whether a sentinel's score and the one found are the same to a quarter of a step, so that another
// way of rounding does not matter.
bool SameScore(float expected, float found, const Signal& signal);

// Keeps kSentinels items spread evenly over however many come: every 2^n-th is a candidate, and n
// grows when there are too many.
class SentinelPicker {
 public:
  explicit SentinelPicker(std::vector<Signal> signals) : signals_(std::move(signals)) {}

  void Add(const ItemRow& row);
  std::vector<Sentinel> Take() const;

 private:
  std::vector<Signal> signals_;
  int64_t items_ = 0;
  int64_t stride_ = 1;
  std::vector<ItemRow> candidates_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STATISTICS_H_
