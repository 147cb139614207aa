// A bounded sample of what was asked of late, to try new tables on.
#ifndef OASIS_RECENT_REQUESTS_H_
#define OASIS_RECENT_REQUESTS_H_

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "oasis/gid.h"
#include "oasis/limits.h"

namespace oasis {

// One GetPromotionScores: its context and items, and nothing about the listener.
struct RecentRequest {
  std::string surface;
  std::string market;
  std::string cohort;
  std::vector<ItemKey> keys;  // the first kMaxRecentRequestItems
};

// The last kMaxRecentRequests of each score set and variant that were added. Thread-safe.
class RecentRequests {
 public:
  // Keeps the request, unless another thread adds or reads just now: no request waits here.
  // `variant` is that of the table that answered.
  void TryAdd(absl::string_view score_set, absl::string_view variant, RecentRequest request);

  // Those of one table, in no order.
  std::vector<RecentRequest> Of(absl::string_view score_set, absl::string_view variant) const;

 private:
  struct Ring {
    std::vector<RecentRequest> requests;
    size_t next = 0;  // the oldest, once there are as many as there may be
  };

  mutable std::mutex mutex_;
  // Guarded by mutex_. As many as there are tables, by score set and variant.
  std::map<std::pair<std::string, std::string>, Ring> rings_;
};

}  // namespace oasis

#endif  // OASIS_RECENT_REQUESTS_H_
