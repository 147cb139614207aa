#include "oasis/recent_requests.h"

namespace oasis {

void RecentRequests::TryAdd(absl::string_view score_set, absl::string_view variant,
                            RecentRequest request) {
  const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  Ring& ring = rings_[{std::string(score_set), std::string(variant)}];
  if (ring.requests.size() < kMaxRecentRequests) {
    ring.requests.push_back(std::move(request));
    return;
  }
  ring.requests[ring.next] = std::move(request);
  ring.next = (ring.next + 1) % kMaxRecentRequests;
}

std::vector<RecentRequest> RecentRequests::Of(absl::string_view score_set,
                                              absl::string_view variant) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = rings_.find({std::string(score_set), std::string(variant)});
  return found == rings_.end() ? std::vector<RecentRequest>() : found->second.requests;
}

}  // namespace oasis
