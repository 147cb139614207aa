#include "apps/serve/status_page/traffic_window.h"

#include <string>

#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr absl::Duration kMost = absl::Seconds(kMaxTrafficWindowSeconds);
constexpr absl::Duration kLeast = absl::Seconds(kMinTrafficWindowSeconds);

void TakeAway(const Metrics::Traffic::Method& before, Metrics::Traffic::Method& method) {
  for (const auto& [code, calls] : before.calls) method.calls[code] -= calls;
  for (size_t i = 0; i < before.durations.size(); ++i) method.durations[i] -= before.durations[i];
}

void TakeAway(const Metrics::Traffic::Items& before, Metrics::Traffic::Items& items) {
  for (size_t i = 0; i < items.statuses.size(); ++i) items.statuses[i] -= before.statuses[i];
  items.changed -= before.changed;
}

Metrics::Traffic Difference(Metrics::Traffic total, const Metrics::Traffic& before) {
  for (const auto& [name, method] : before.methods) TakeAway(method, total.methods[name]);
  for (const auto& [name, items] : before.score_sets) TakeAway(items, total.score_sets[name]);
  for (const auto& [reason, calls] : before.refusals) total.refusals[reason] -= calls;
  return total;
}

}  // namespace

double CountedTraffic::Rate(int64_t count) const {
  const double seconds = absl::ToDoubleSeconds(span);
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

TrafficWindow::View TrafficWindow::Add(absl::Time now, const Metrics::Traffic& total) {
  // Samples of the future are of a clock that was put back since.
  while (!samples_.empty() && samples_.back().time > now) samples_.pop_back();
  if (samples_.empty()) {
    samples_.push_back({now, total});
    started_ = now;
  }
  while (samples_.size() > 1 && now - samples_[1].time > kMost) samples_.pop_front();
  const Sample& base = Base(now);
  View view = {{now - base.time, Difference(total, base.total)}, {now - started_, total}};
  samples_.push_back({now, total});
  return view;
}

// At most the first sample is older than the window.
const TrafficWindow::Sample& TrafficWindow::Base(absl::Time now) const {
  const bool too_old = now - samples_[0].time > kMost;
  const bool other = samples_.size() > 1 && now - samples_[1].time >= kLeast;
  return too_old && other ? samples_[1] : samples_[0];
}

}  // namespace oasis
