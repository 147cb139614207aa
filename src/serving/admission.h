// How much work may be inside the server at once.
#ifndef OASIS_SERVING_ADMISSION_H_
#define OASIS_SERVING_ADMISSION_H_

#include <atomic>
#include <cstdint>
#include <optional>

#include "oasis/limits.h"
#include "serving/refused.h"

namespace oasis {

// Counts accepted calls whose replies have not been sent, and their items, over all threads. gRPC
// itself would take calls without bound; whoever comes while a limit is reached is refused at once.
// That bounds the memory they take; how long they wait is bounded by Backlog. Thread-safe.
class Admission {
 public:
  explicit Admission(int64_t max_items, int64_t max_calls = kMaxInflightCalls)
      : max_items_(max_items), max_calls_(max_calls) {}

  // Nothing is counted when one call more with so many items would pass a limit.
  std::optional<Refused> Enter(int64_t items);
  void Leave(int64_t items);

 private:
  const int64_t max_items_;
  const int64_t max_calls_;
  alignas(64) std::atomic<int64_t> items_{0};
  std::atomic<int64_t> calls_{0};
};

}  // namespace oasis

#endif  // OASIS_SERVING_ADMISSION_H_
