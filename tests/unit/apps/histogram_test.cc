#include "apps/loadtest/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "apps/generate/random.h"

namespace oasis {
namespace {

TEST(HistogramTest, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.Percentile(99), absl::ZeroDuration());
  EXPECT_EQ(histogram.mean(), absl::ZeroDuration());
}

TEST(HistogramTest, EveryMagnitudeIsWithinOnePercent) {
  for (int64_t value = 1; value < 3'000'000'000'000'000'000; value += value / 7 + 1) {
    Histogram histogram;
    histogram.Record(absl::Nanoseconds(value));
    histogram.Record(absl::Nanoseconds(value + value / 3));  // so that max does not help
    const auto seen = static_cast<double>(absl::ToInt64Nanoseconds(histogram.Percentile(50)));
    EXPECT_NEAR(seen, static_cast<double>(value), 0.005 * static_cast<double>(value)) << value;
  }
}

TEST(HistogramTest, PercentilesAreThoseOfTheSortedValues) {
  Histogram histogram;
  std::vector<int64_t> values;
  Random random(1);
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<int64_t>(random.Below(1000) * random.Below(1000) * 1000));
    histogram.Record(absl::Nanoseconds(values.back()));
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {0.1, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto at = static_cast<size_t>(std::ceil(percent / 100 * 100'000)) - 1;
    const auto exact = static_cast<double>(values[at]);
    EXPECT_NEAR(static_cast<double>(absl::ToInt64Nanoseconds(histogram.Percentile(percent))), exact,
                0.01 * exact)
        << percent;
  }
  EXPECT_EQ(absl::ToInt64Nanoseconds(histogram.max()), values.back());
}

TEST(HistogramTest, MergedIsAsIfRecordedInOne) {
  Histogram one, other, both;
  for (int i = 1; i < 1000; ++i) {
    (i % 3 == 0 ? one : other).Record(absl::Microseconds(i * i));
    both.Record(absl::Microseconds(i * i));
  }
  one.Merge(other);
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.max(), both.max());
  EXPECT_EQ(one.mean(), both.mean());
  EXPECT_EQ(one.Percentile(99), both.Percentile(99));
}

TEST(HistogramTest, ANegativeDurationCountsAsZero) {
  Histogram histogram;
  histogram.Record(absl::Milliseconds(-5));
  EXPECT_EQ(histogram.count(), 1);
  EXPECT_EQ(histogram.max(), absl::ZeroDuration());
}

}  // namespace
}  // namespace oasis
