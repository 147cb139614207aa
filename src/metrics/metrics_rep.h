// Everything a scrape reads.
#ifndef OASIS_METRICS_METRICS_REP_H_
#define OASIS_METRICS_METRICS_REP_H_

#include <prometheus/collectable.h>

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "metrics/shard.h"
#include "metrics/snapshot_state.h"
#include "oasis/metrics.h"

namespace oasis {

struct Metrics::Rep final : public prometheus::Collectable {
  std::vector<prometheus::MetricFamily> Collect() const override;
  ShardSums Sum() const;  // under mutex

  mutable std::mutex mutex;
  std::deque<Shard::Rep> shards;  // guarded by mutex, their counters are not
  SnapshotState snapshots;        // guarded by mutex

  // Its own mutex: the sources may take locks of the server.
  mutable std::mutex sources_mutex;
  // Guarded by sources_mutex.
  std::function<Health()> health = [] { return Health(); };
  std::function<std::vector<Certificates>()> certificates = [] {
    return std::vector<Certificates>();
  };
  std::function<Surroundings()> surroundings = [] { return Surroundings(); };
};

}  // namespace oasis

#endif  // OASIS_METRICS_METRICS_REP_H_
