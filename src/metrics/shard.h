// The counters of one serving thread.
#ifndef OASIS_METRICS_SHARD_H_
#define OASIS_METRICS_SHARD_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "metrics/families.h"
#include "oasis/limits.h"
#include "oasis/metrics.h"

namespace oasis {

// Written by one thread, so an addition is a load and a store, not a locked instruction.
class SingleWriterCounter {
 public:
  void Add(int64_t n) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

inline constexpr std::array kDurationBounds = {
    10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3,  // seconds
    5e-3,  10e-3, 25e-3, 50e-3,  100e-3, 250e-3, 0.5,  1.0};
inline constexpr std::array kItemsBounds = {1.0,   10.0,  50.0,   100.0,  200.0, 300.0,
                                            500.0, 750.0, 1000.0, 2000.0, 4000.0};
inline constexpr int kStatusCodes = 17;

template <size_t kBuckets>
struct ShardHistogram {
  std::array<SingleWriterCounter, kBuckets + 1> counts;  // of a bucket alone
  SingleWriterCounter sum;                               // nanoseconds or items
};

// On cache lines of its own: beside it may lie the shard of another thread.
struct alignas(64) Metrics::Shard::Rep {
  struct Method {
    std::array<SingleWriterCounter, kStatusCodes> calls;
    ShardHistogram<kDurationBounds.size()> duration;
  };
  std::array<Method, kRpcMethods> methods;
  std::array<SingleWriterCounter, kRefusalReasons> refusals;
  ShardHistogram<kItemsBounds.size()> request_items;
  std::array<std::array<SingleWriterCounter, kStatusesOfItems>, kMaxScoreSets> items;
  std::array<SingleWriterCounter, kMaxScoreSets> changed_items;
  SingleWriterCounter inflight_calls;
  SingleWriterCounter inflight_items;
};

// The sum of several shards.
struct ShardSums {
  void Add(const Metrics::Shard::Rep& shard);
  // `score_sets` are the names of the ordinals; the items of an empty one are left out.
  void WriteTo(Exposition* out, absl::Span<const std::string> score_sets) const;
  Metrics::Traffic ToTraffic(absl::Span<const std::string> score_sets) const;

  template <size_t kBuckets>
  struct Histogram {
    std::array<int64_t, kBuckets + 1> counts{};
    int64_t sum = 0;
  };
  struct Method {
    std::array<int64_t, kStatusCodes> calls{};
    Histogram<kDurationBounds.size()> duration;
  };
  std::array<Method, kRpcMethods> methods;
  std::array<int64_t, kRefusalReasons> refusals{};
  Histogram<kItemsBounds.size()> request_items;
  std::array<std::array<int64_t, kStatusesOfItems>, kMaxScoreSets> items{};
  std::array<int64_t, kMaxScoreSets> changed_items{};
  int64_t inflight_calls = 0;
  int64_t inflight_items = 0;
};

}  // namespace oasis

#endif  // OASIS_METRICS_SHARD_H_
