#include "metrics/scrape_counts.h"

namespace oasis {
namespace {

prometheus::Summary::Quantiles ShownQuantiles() {
  return {{0.5, 0.05}, {0.9, 0.01}, {0.99, 0.001}};
}

}  // namespace

ScrapeCounts::ScrapeCounts()
    : bytes_(prometheus::BuildCounter()
                 .Name("exposer_transferred_bytes_total")
                 .Help("Bytes sent for scrapes")
                 .Register(registry_)
                 .Add({})),
      scrapes_(prometheus::BuildCounter()
                   .Name("exposer_scrapes_total")
                   .Help("Scrapes answered")
                   .Register(registry_)
                   .Add({})),
      latencies_(prometheus::BuildSummary()
                     .Name("exposer_request_latencies")
                     .Help("Microseconds it took to answer a scrape")
                     .Register(registry_)
                     .Add({}, ShownQuantiles())) {}

void ScrapeCounts::Count(size_t bytes, absl::Duration took) {
  bytes_.Increment(static_cast<double>(bytes));
  scrapes_.Increment();
  latencies_.Observe(absl::ToDoubleMicroseconds(took));
}

}  // namespace oasis
