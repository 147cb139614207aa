#include "serving/client_rates.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace oasis {
namespace {

constexpr std::chrono::seconds kBurst(1);

}  // namespace

std::optional<Refused> ClientRates::Take(absl::string_view client, int64_t items, Time now) {
  const auto wanted = static_cast<double>(items);
  double missing = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Bucket& bucket = BucketOf(client, now);
    Fill(bucket, now);
    missing = wanted - bucket.items;
    if (missing <= 0) {
      bucket.items -= wanted;
      return std::nullopt;
    }
  }
  return Refused{RefusalReason::kClientRate,
                 absl::StrCat("client '", client, "' asks for more than its ", items_per_second_,
                              " items a second"),
                 std::chrono::milliseconds(
                     static_cast<int64_t>(std::ceil(missing / items_per_second_ * 1e3)))};
}

ClientRates::Bucket& ClientRates::BucketOf(absl::string_view client, Time now) {
  const auto known = buckets_.find(client);
  if (known != buckets_.end()) return known->second;
  if (buckets_.size() >= max_clients_) ForgetIdle(now);
  const Bucket full = {items_per_second_, now};
  if (buckets_.size() < max_clients_) return buckets_.emplace(client, full).first->second;
  if (!shared_.has_value()) shared_ = full;
  return *shared_;
}

void ClientRates::Fill(Bucket& bucket, Time now) const {
  if (now <= bucket.filled) return;  // threads take turns, their times need not
  const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.items = std::min(items_per_second_, bucket.items + seconds * items_per_second_);
  bucket.filled = now;
}

void ClientRates::ForgetIdle(Time now) {
  if (now < next_forget_) return;  // it looks at all of them
  next_forget_ = now + kBurst;
  absl::erase_if(buckets_,
                 [now](const auto& client) { return now - client.second.filled >= kBurst; });
}

}  // namespace oasis
