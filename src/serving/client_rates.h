// How much each client may ask for.
#ifndef OASIS_SERVING_CLIENT_RATES_H_
#define OASIS_SERVING_CLIENT_RATES_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"
#include "serving/refused.h"

namespace oasis {

// A token bucket for each client: so many items a second, and a second's worth at once. One that
// asked for nothing for a second is as one that never came, so it is forgotten when there is no
// room for another; those for whom there is none share a bucket. Thread-safe.
class ClientRates {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit ClientRates(int64_t items_per_second, size_t max_clients = kMaxTrackedClients)
      : items_per_second_(static_cast<double>(items_per_second)), max_clients_(max_clients) {}

  // Refused, and nothing is taken, when the client has not so many items left; then it is told when
  // it will have them. `client` is as ClientOf has it: short, and shown as it is.
  // REQUIRES: `items` is no more than a second's worth.
  std::optional<Refused> Take(absl::string_view client, int64_t items, Time now);

 private:
  struct Bucket {
    double items;  // at the time `filled`
    Time filled;
  };
  Bucket& BucketOf(absl::string_view client, Time now);
  void Fill(Bucket& bucket, Time now) const;
  void ForgetIdle(Time now);

  const double items_per_second_;
  const size_t max_clients_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_;  // guarded by mutex_, as the next two
  std::optional<Bucket> shared_;
  Time next_forget_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_CLIENT_RATES_H_
