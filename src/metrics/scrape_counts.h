// What the metrics server counts of itself, under the names that prometheus-cpp's own has for it.
#ifndef OASIS_METRICS_SCRAPE_COUNTS_H_
#define OASIS_METRICS_SCRAPE_COUNTS_H_

#include <prometheus/counter.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/summary.h>

#include <cstddef>
#include <vector>

#include "absl/time/time.h"

namespace oasis {

// Thread-safe.
class ScrapeCounts {
 public:
  ScrapeCounts();

  void Count(size_t bytes, absl::Duration took);
  std::vector<prometheus::MetricFamily> Collect() const { return registry_.Collect(); }

 private:
  prometheus::Registry registry_;
  prometheus::Counter& bytes_;
  prometheus::Counter& scrapes_;
  prometheus::Summary& latencies_;
};

}  // namespace oasis

#endif  // OASIS_METRICS_SCRAPE_COUNTS_H_
