// A histogram of latencies whose percentiles are within 1 % over the whole range.
#ifndef OASIS_APPS_LOADTEST_HISTOGRAM_H_
#define OASIS_APPS_LOADTEST_HISTOGRAM_H_

#include <array>
#include <cstdint>

#include "absl/time/time.h"

namespace oasis {

// Log-linear, as HdrHistogram: every power of two is cut into 128 equal buckets, so a bucket is at
// most 1/128 of its values wide and its middle at most 0.4 % off. Nanoseconds from 0 to 2^63. 60
// KB, no allocation; a recording costs some nanoseconds. Not thread-safe: one each thread, then
// Merge.
class Histogram {
 public:
  // A negative duration counts as 0.
  void Record(absl::Duration value);
  void Merge(const Histogram& other);

  int64_t count() const { return count_; }
  absl::Duration max() const { return absl::Nanoseconds(max_); }
  absl::Duration mean() const;

  // The smallest recorded value, to within half a bucket, that at least `percent` % of all values
  // are not above. 0 when nothing was recorded. REQUIRES: 0 <= percent <= 100.
  absl::Duration Percentile(double percent) const;

 private:
  static constexpr int kBucketBits = 7;
  static constexpr int kOctaves = 64 - kBucketBits;

  static size_t BucketOf(uint64_t value);
  static uint64_t MiddleOf(size_t bucket);

  std::array<int64_t, size_t{kOctaves} << kBucketBits> buckets_ = {};
  int64_t count_ = 0;
  int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_HISTOGRAM_H_
