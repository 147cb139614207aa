// How often something may be told.
#ifndef OASIS_SERVING_LINE_RATE_H_
#define OASIS_SERVING_LINE_RATE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "oasis/limits.h"

namespace oasis {

// kCallLinesPerSecond in each second of the clock; counts what is left out. Thread-safe, without a
// lock: what is left out most often costs a load and an addition.
class LineRate {
 public:
  // Nothing: leave this one out. Else how many were left out since the last that was not.
  std::optional<int64_t> Take(std::chrono::steady_clock::time_point now) {
    const auto second = static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    uint64_t seen = state_.load(std::memory_order_relaxed);
    for (;;) {
      const uint32_t taken = seen >> 32 == second ? static_cast<uint32_t>(seen) : 0;
      if (taken >= kCallLinesPerSecond) {
        left_out_.fetch_add(1, std::memory_order_relaxed);
        return std::nullopt;
      }
      const uint64_t next = uint64_t{second} << 32 | (taken + 1);
      if (state_.compare_exchange_weak(seen, next, std::memory_order_relaxed)) {
        return left_out_.exchange(0, std::memory_order_relaxed);
      }
    }
  }

 private:
  std::atomic<uint64_t> state_{0};  // the second, and how many were taken in it
  std::atomic<int64_t> left_out_{0};
};

}  // namespace oasis

#endif  // OASIS_SERVING_LINE_RATE_H_
