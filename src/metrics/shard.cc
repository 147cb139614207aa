#include "metrics/shard.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"

namespace oasis {
namespace {

constexpr std::array<absl::string_view, kRpcMethods> kMethods = {"GetPromotionScores",
                                                                 "ExplainPromotionScore"};
constexpr std::array<absl::string_view, kRefusalReasons> kReasons = {
    "inflight_items", "inflight_calls", "wait", "deadline", "client_rate"};
constexpr std::array<absl::string_view, kStatusesOfItems> kItemStatusNames = {
    "not_found", "found", "suppressed", "expired", "invalid_id"};

// Shown from the start, at 0, so that the first of them is seen as an increase.
constexpr std::array kUsualCodes = {
    absl::StatusCode::kOk,          absl::StatusCode::kInvalidArgument,
    absl::StatusCode::kNotFound,    absl::StatusCode::kResourceExhausted,
    absl::StatusCode::kUnavailable, absl::StatusCode::kDeadlineExceeded,
    absl::StatusCode::kCancelled};

template <size_t kBuckets>
void Observe(ShardHistogram<kBuckets>& histogram, const std::array<double, kBuckets>& bounds,
             double value, int64_t sum) {
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  histogram.counts[static_cast<size_t>(bucket)].Add(1);
  histogram.sum.Add(sum);
}

template <size_t kBuckets>
void AddTo(ShardSums::Histogram<kBuckets>& sums, const ShardHistogram<kBuckets>& histogram) {
  for (size_t i = 0; i < sums.counts.size(); ++i) sums.counts[i] += histogram.counts[i].value();
  sums.sum += histogram.sum.value();
}

}  // namespace

absl::string_view RpcMethodName(RpcMethod method) { return kMethods[static_cast<size_t>(method)]; }

void Metrics::Shard::CountCall(RpcMethod method, int code) {
  if (code < 0 || code >= kStatusCodes) code = static_cast<int>(absl::StatusCode::kUnknown);
  rep_->methods[static_cast<size_t>(method)].calls[static_cast<size_t>(code)].Add(1);
}

void Metrics::Shard::CountRefusal(RefusalReason reason) {
  rep_->refusals[static_cast<size_t>(reason)].Add(1);
}

void Metrics::Shard::ObserveDuration(RpcMethod method, absl::Duration took) {
  Observe(rep_->methods[static_cast<size_t>(method)].duration, kDurationBounds,
          absl::ToDoubleSeconds(took), absl::ToInt64Nanoseconds(took));
}

void Metrics::Shard::CountItems(int score_set, absl::Span<const int> statuses, int64_t changed) {
  // Five counts of 12 bits in one word: an addition an item, with no chain through memory.
  constexpr int kBits = 12;
  constexpr size_t kMaxBlock = (1 << kBits) - 1;
  Rep& rep = *rep_;
  for (size_t begin = 0; begin < statuses.size(); begin += kMaxBlock) {
    uint64_t counts = 0;
    for (const int status : statuses.subspan(begin, kMaxBlock)) {
      counts += uint64_t{1} << (kBits * status);
    }
    for (SingleWriterCounter& counter : rep.items[static_cast<size_t>(score_set)]) {
      counter.Add(static_cast<int64_t>(counts & kMaxBlock));
      counts >>= kBits;
    }
  }
  if (changed > 0) rep.changed_items[static_cast<size_t>(score_set)].Add(changed);
  Observe(rep.request_items, kItemsBounds, static_cast<double>(statuses.size()),
          static_cast<int64_t>(statuses.size()));
}

void Metrics::Shard::AddInflight(int64_t calls, int64_t items) {
  rep_->inflight_calls.Add(calls);
  rep_->inflight_items.Add(items);
}

void ShardSums::Add(const Metrics::Shard::Rep& shard) {
  for (size_t m = 0; m < methods.size(); ++m) {
    for (size_t code = 0; code < kStatusCodes; ++code) {
      methods[m].calls[code] += shard.methods[m].calls[code].value();
    }
    AddTo(methods[m].duration, shard.methods[m].duration);
  }
  for (size_t i = 0; i < refusals.size(); ++i) refusals[i] += shard.refusals[i].value();
  AddTo(request_items, shard.request_items);
  for (size_t set = 0; set < items.size(); ++set) {
    for (size_t s = 0; s < kStatusesOfItems; ++s) items[set][s] += shard.items[set][s].value();
    changed_items[set] += shard.changed_items[set].value();
  }
  inflight_calls += shard.inflight_calls.value();
  inflight_items += shard.inflight_items.value();
}

void ShardSums::WriteTo(Exposition* out, absl::Span<const std::string> score_sets) const {
  for (size_t m = 0; m < methods.size(); ++m) {
    for (int code = 0; code < kStatusCodes; ++code) {
      const auto status = static_cast<absl::StatusCode>(code);
      const int64_t calls = methods[m].calls[static_cast<size_t>(code)];
      const bool usual = std::count(kUsualCodes.begin(), kUsualCodes.end(), status) > 0;
      if (calls == 0 && !usual) continue;
      out->Add(Family::kRequests, {kMethods[m], absl::StatusCodeToString(status)},
               static_cast<double>(calls));
    }
    out->AddHistogram(Family::kRequestDuration, {kMethods[m]}, kDurationBounds,
                      methods[m].duration.counts,
                      static_cast<double>(methods[m].duration.sum) * 1e-9);
  }
  for (size_t i = 0; i < refusals.size(); ++i) {
    out->Add(Family::kRefusedRequests, {kReasons[i]}, static_cast<double>(refusals[i]));
  }
  out->AddHistogram(Family::kRequestItems, {}, kItemsBounds, request_items.counts,
                    static_cast<double>(request_items.sum));
  for (size_t set = 0; set < score_sets.size(); ++set) {
    if (score_sets[set].empty()) continue;  // not named yet
    for (size_t s = 0; s < kStatusesOfItems; ++s) {
      out->Add(Family::kItems, {score_sets[set], kItemStatusNames[s]},
               static_cast<double>(items[set][s]));
    }
    out->Add(Family::kChangedItems, {score_sets[set]}, static_cast<double>(changed_items[set]));
  }
  out->Add(Family::kInflightRequests, {}, static_cast<double>(inflight_calls));
  out->Add(Family::kInflightItems, {}, static_cast<double>(inflight_items));
}

Metrics::Traffic ShardSums::ToTraffic(absl::Span<const std::string> score_sets) const {
  Metrics::Traffic traffic;
  for (size_t m = 0; m < methods.size(); ++m) {
    Metrics::Traffic::Method& method = traffic.methods[std::string(kMethods[m])];
    for (int code = 0; code < kStatusCodes; ++code) {
      const int64_t calls = methods[m].calls[static_cast<size_t>(code)];
      if (calls == 0) continue;
      method.calls[absl::StatusCodeToString(static_cast<absl::StatusCode>(code))] = calls;
    }
    const auto& durations = methods[m].duration.counts;
    method.durations.assign(durations.begin(), durations.end());
  }
  for (size_t i = 0; i < refusals.size(); ++i) {
    if (refusals[i] > 0) traffic.refusals[std::string(kReasons[i])] = refusals[i];
  }
  for (size_t set = 0; set < score_sets.size(); ++set) {
    if (score_sets[set].empty()) continue;  // not named yet
    traffic.score_sets[score_sets[set]] = {items[set], changed_items[set]};
  }
  traffic.inflight_calls = inflight_calls;
  traffic.inflight_items = inflight_items;
  return traffic;
}

}  // namespace oasis
