#include "apps/loadtest/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace oasis {

// Values below 2^kBucketBits have a bucket each. Above, the bucket is the octave and the
// kBucketBits digits after the leading one.
size_t Histogram::BucketOf(uint64_t value) {
  const int octave = std::max(0, static_cast<int>(std::bit_width(value)) - kBucketBits - 1);
  return (static_cast<size_t>(octave) << kBucketBits) + static_cast<size_t>(value >> octave);
}

uint64_t Histogram::MiddleOf(size_t bucket) {
  if (bucket < (size_t{2} << kBucketBits)) return bucket;
  const size_t octave = (bucket >> kBucketBits) - 1;
  const uint64_t low = (bucket - (octave << kBucketBits)) << octave;
  return low + (uint64_t{1} << octave) / 2;
}

void Histogram::Record(absl::Duration value) {
  const int64_t nanoseconds = std::max<int64_t>(0, absl::ToInt64Nanoseconds(value));
  ++buckets_[BucketOf(static_cast<uint64_t>(nanoseconds))];
  ++count_;
  max_ = std::max(max_, nanoseconds);
  sum_ += static_cast<double>(nanoseconds);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

absl::Duration Histogram::mean() const {
  return count_ == 0 ? absl::ZeroDuration() : absl::Nanoseconds(sum_ / static_cast<double>(count_));
}

absl::Duration Histogram::Percentile(double percent) const {
  const auto wanted = std::max<int64_t>(
      1, static_cast<int64_t>(std::ceil(percent / 100 * static_cast<double>(count_))));
  int64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted) {
      return absl::Nanoseconds(std::min<int64_t>(max_, static_cast<int64_t>(MiddleOf(i))));
    }
  }
  return absl::ZeroDuration();
}

}  // namespace oasis
