// Running statistics of the scores of one signal.
#ifndef OASIS_SNAPSHOT_DIFF_SCORE_STATS_H_
#define OASIS_SNAPSHOT_DIFF_SCORE_STATS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "oasis/diff.h"
#include "oasis/table.h"

namespace oasis {

// Sums are of whole numbers, so that they do not depend on the order of the rows. Not thread-safe.
class ScoreStats {
 public:
  void Add(int16_t quantised);

  // All zeros when nothing was added.
  ScoreSummary Summary(const Signal& signal) const;

 private:
  double Percentile(double fraction, const Signal& signal) const;

  int64_t rows_ = 0;
  int64_t sum_ = 0;
  int16_t min_ = std::numeric_limits<int16_t>::max();
  int16_t max_ = std::numeric_limits<int16_t>::min();
  std::vector<int64_t> bins_;  // the middle one is around 0; none before the first score
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_DIFF_SCORE_STATS_H_
