// How much work may be inside the server at once.
#ifndef OASIS_SERVING_ADMISSION_H_
#define OASIS_SERVING_ADMISSION_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "oasis/limits.h"

namespace oasis {

// Counts accepted and not yet answered calls and their items, over all threads. gRPC itself would
// queue calls without bound; whoever comes while a limit is reached is refused at once, so that
// those inside are answered in time. Thread-safe.
class Admission {
 public:
  explicit Admission(int64_t max_items, int64_t max_calls = kMaxInflightCalls)
      : max_items_(max_items), max_calls_(max_calls) {}

  // ResourceExhausted, and nothing is counted, when one call more with so many items would pass a
  // limit.
  absl::Status Enter(int64_t items);
  void Leave(int64_t items);

 private:
  const int64_t max_items_;
  const int64_t max_calls_;
  alignas(64) std::atomic<int64_t> items_{0};
  std::atomic<int64_t> calls_{0};
};

}  // namespace oasis

#endif  // OASIS_SERVING_ADMISSION_H_
