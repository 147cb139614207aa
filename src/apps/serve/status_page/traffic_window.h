// How much traffic there was of late, from counters that only count up.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_TRAFFIC_WINDOW_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_TRAFFIC_WINDOW_H_

#include <deque>

#include "absl/time/time.h"
#include "oasis/metrics.h"

namespace oasis {

// What was counted, and in what time.
struct CountedTraffic {
  absl::Duration span;
  Metrics::Traffic traffic;

  double Rate(int64_t count) const;  // a second; 0 for no time
};

// Compares what is counted now with what was counted when the page was built before: nobody but
// those who look at it pays for it. Not thread-safe.
class TrafficWindow {
 public:
  // Nothing was counted at `started`.
  explicit TrafficWindow(absl::Time started) : samples_{{started, {}}}, started_(started) {}

  struct View {
    // Since a view that was at least kMinTrafficWindowSeconds and at most kMaxTrafficWindowSeconds
    // ago; if there was none, since the last one before these, or the start.
    CountedTraffic recent;
    CountedTraffic all;  // since the start
  };
  // `total` is what was counted from the start until now.
  View Add(absl::Time now, const Metrics::Traffic& total);

 private:
  struct Sample {
    absl::Time time;
    Metrics::Traffic total;
  };
  const Sample& Base(absl::Time now) const;

  std::deque<Sample> samples_;  // by time; never empty
  absl::Time started_;
};

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_TRAFFIC_WINDOW_H_
