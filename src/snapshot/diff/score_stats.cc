#include "snapshot/diff/score_stats.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace oasis {
namespace {

constexpr int kBins = 2 * kDiffHistogramHalf + 1;

// To nearest, halves away from 0.
int BinOf(int16_t quantised) {
  const int scaled = quantised * kDiffHistogramHalf;
  const int half = quantised < 0 ? -kQuantisedMax / 2 : kQuantisedMax / 2;
  return (scaled + half) / kQuantisedMax + kDiffHistogramHalf;
}

}  // namespace

void ScoreStats::Add(int16_t quantised) {
  if (bins_.empty()) bins_.assign(kBins, 0);
  ++rows_;
  sum_ += quantised;
  min_ = std::min(min_, quantised);
  max_ = std::max(max_, quantised);
  ++bins_[static_cast<size_t>(BinOf(quantised))];
}

ScoreSummary ScoreStats::Summary(const Signal& signal) const {
  if (rows_ == 0) return {};
  const double unit = static_cast<double>(signal.scale) / kQuantisedMax;
  return {.rows = rows_,
          .mean = static_cast<double>(sum_) / static_cast<double>(rows_) * unit,
          .min = min_ * unit,
          .max = max_ * unit,
          .p5 = Percentile(0.05, signal),
          .p50 = Percentile(0.50, signal),
          .p95 = Percentile(0.95, signal)};
}

double ScoreStats::Percentile(double fraction, const Signal& signal) const {
  const auto rank = static_cast<int64_t>(std::ceil(fraction * static_cast<double>(rows_)));
  int64_t seen = 0;
  int bin = 0;
  while ((seen += bins_[static_cast<size_t>(bin)]) < rank) ++bin;
  return static_cast<double>(bin - kDiffHistogramHalf) * signal.scale / kDiffHistogramHalf;
}

}  // namespace oasis
