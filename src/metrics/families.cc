#include "metrics/families.h"

#include <cassert>
#include <limits>
#include <string>

namespace oasis {
namespace {

using Type = prometheus::MetricType;

constexpr FamilyInfo kFamilies[] = {
    {Family::kRequests,
     "oasis_requests_total",
     Type::Counter,
     {"method", "code"},
     "Calls ended, by gRPC status code; CANCELLED: a good reply found no caller"},
    {Family::kRefusedRequests,
     "oasis_refused_requests_total",
     Type::Counter,
     {"reason"},
     "Calls refused or dropped before anything was looked up, with nothing wrong about them"},
    {Family::kRequestDuration,
     "oasis_request_duration_seconds",
     Type::Histogram,
     {"method"},
     "From a call's acceptance to the end of its handler; calls refused before are left out"},
    {Family::kRequestItems,
     "oasis_request_items",
     Type::Histogram,
     {},
     "Items of one answered GetPromotionScores"},
    {Family::kItems,
     "oasis_items_total",
     Type::Counter,
     {"score_set", "status"},
     "Items answered, by what became of them"},
    {Family::kChangedItems,
     "oasis_changed_items_total",
     Type::Counter,
     {"score_set"},
     "Items that overrides or the dates of their campaign gave another answer than their row"},
    {Family::kInflightRequests,
     "oasis_inflight_requests",
     Type::Gauge,
     {},
     "Calls accepted and not yet answered"},
    {Family::kInflightItems,
     "oasis_inflight_items",
     Type::Gauge,
     {},
     "Items of the calls in flight; beyond a limit calls are refused"},
    {Family::kServing,
     "oasis_serving",
     Type::Gauge,
     {},
     "1 from the first published table until the drain, as gRPC health says"},
    {Family::kFresh,
     "oasis_fresh",
     Type::Gauge,
     {},
     "1 while serving, no live snapshot is older than the limit given and none is missing since a "
     "restart"},
    {Family::kSnapshotInfo,
     "oasis_snapshot_info",
     Type::Gauge,
     {"score_set", "variant", "snapshot_id"},
     "1 for each live snapshot"},
    {Family::kSnapshotCreated,
     "oasis_snapshot_created_timestamp_seconds",
     Type::Gauge,
     {"score_set", "variant"},
     "When the live snapshot was made, by its manifest"},
    {Family::kSnapshotAge,
     "oasis_snapshot_age_seconds",
     Type::Gauge,
     {"score_set", "variant"},
     "Age of the live snapshot at the scrape"},
    {Family::kSnapshotMaxAge,
     "oasis_snapshot_max_age_seconds",
     Type::Gauge,
     {"score_set", "variant"},
     "Age from which on the live snapshot is stale; absent when it never is"},
    {Family::kSnapshotSwaps,
     "oasis_snapshot_swaps_total",
     Type::Counter,
     {"score_set", "variant"},
     "Times another snapshot went live, the first included"},
    {Family::kSnapshotLoads,
     "oasis_snapshot_loads_total",
     Type::Counter,
     {"score_set", "variant", "outcome"},
     "Loads, publishes, rollbacks and restores ended: published, unchanged, failed, cancelled"},
    {Family::kSnapshotLoadFailures,
     "oasis_snapshot_load_failures_total",
     Type::Counter,
     {"reason"},
     "Those that failed, by status code; cancelled ones are not among them"},
    {Family::kSnapshotLoadPhase,
     "oasis_snapshot_load_phase_seconds",
     Type::Gauge,
     {"score_set", "variant", "phase"},
     "How long a phase of the last load took"},
    {Family::kSnapshotLoadsUnderWay,
     "oasis_snapshot_loads_under_way",
     Type::Gauge,
     {"phase"},
     "Loads, publishes, rollbacks and restores that are in this phase now"},
    {Family::kTableResidentBytes,
     "oasis_table_resident_bytes",
     Type::Gauge,
     {"score_set", "variant"},
     "Memory of the live table"},
    {Family::kTableItems,
     "oasis_table_items",
     Type::Gauge,
     {"score_set", "variant"},
     "Items in the live table"},
    {Family::kTableRows,
     "oasis_table_rows",
     Type::Gauge,
     {"score_set", "variant"},
     "Rows in the live table: pairs of item and context"},
    {Family::kOverrides, "oasis_overrides", Type::Gauge, {}, "Overrides that hold"},
    {Family::kNextOverrideExpiry,
     "oasis_override_next_expiry_timestamp_seconds",
     Type::Gauge,
     {},
     "When the first of them ends; absent without any"},
    {Family::kCertificateExpiry,
     "oasis_certificate_expiry_timestamp_seconds",
     Type::Gauge,
     {"port", "file"},
     "When the first certificate ends of those in a file that a port uses; absent without TLS"},
    {Family::kCertificateRefused,
     "oasis_certificate_refused",
     Type::Gauge,
     {"port"},
     "1 while files of TLS have changed and are no good, so that those before stay"},
    {Family::kAdminRolesRefused,
     "oasis_admin_roles_refused",
     Type::Gauge,
     {},
     "1 while the roles file is no good, so that what it said before holds; absent without one"},
    {Family::kMemoryLimit,
     "oasis_memory_limit_bytes",
     Type::Gauge,
     {},
     "Memory that the process may have in all, by its cgroups and the machine"},
    {Family::kBuildInfo,
     "oasis_build_info",
     Type::Gauge,
     {"version", "commit", "compiler"},
     "1, with what this program was built from"},
    {Family::kProcessResidentMemory,
     "process_resident_memory_bytes",
     Type::Gauge,
     {},
     "Resident memory of the process"},
    {Family::kProcessCpu,
     "process_cpu_seconds_total",
     Type::Counter,
     {},
     "User and system CPU time of the process"},
    {Family::kProcessStartTime,
     "process_start_time_seconds",
     Type::Gauge,
     {},
     "When the process started, since the epoch"},
    {Family::kProcessOpenFds, "process_open_fds", Type::Gauge, {}, "File descriptors in use"},
    {Family::kProcessMaxFds,
     "process_max_fds",
     Type::Gauge,
     {},
     "File descriptors the process may have"},
};

constexpr bool InOrder() {
  int place = 0;
  for (const FamilyInfo& info : kFamilies) {
    if (static_cast<int>(info.family) != place++) return false;
  }
  return place == static_cast<int>(Family::kProcessMaxFds) + 1;
}
static_assert(InOrder());

}  // namespace

absl::Span<const FamilyInfo> Families() { return kFamilies; }

Exposition::Exposition() {
  for (const FamilyInfo& info : kFamilies) {
    families_.push_back({info.name, info.help, info.type, {}});
  }
}

prometheus::ClientMetric& Exposition::NewMetric(Family family, Labels labels) {
  const auto place = static_cast<size_t>(family);
  assert(labels.size() <= kMaxLabels);
  assert(labels.size() == kMaxLabels || kFamilies[place].labels[labels.size()] == nullptr);
  prometheus::ClientMetric& metric = families_[place].metric.emplace_back();
  size_t at = 0;
  for (const absl::string_view value : labels) {
    metric.label.push_back({kFamilies[place].labels[at++], std::string(value)});
  }
  return metric;
}

void Exposition::Add(Family family, Labels labels, double value) {
  prometheus::ClientMetric& metric = NewMetric(family, labels);
  if (kFamilies[static_cast<size_t>(family)].type == Type::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

void Exposition::AddHistogram(Family family, Labels labels, absl::Span<const double> bounds,
                              absl::Span<const int64_t> counts, double sum) {
  assert(counts.size() == bounds.size() + 1);
  prometheus::ClientMetric::Histogram& histogram = NewMetric(family, labels).histogram;
  uint64_t cumulative = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    cumulative += static_cast<uint64_t>(counts[i]);
    const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({cumulative, bound});
  }
  histogram.sample_count = cumulative;
  histogram.sample_sum = sum;
}

}  // namespace oasis
