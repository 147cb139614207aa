// The one list of metric names, with their types, labels and help texts (docs/metrics.md is tested
// against it), and how values are put under them.
#ifndef OASIS_METRICS_FAMILIES_H_
#define OASIS_METRICS_FAMILIES_H_

#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace oasis {

enum class Family {
  kRequests,
  kRefusedRequests,
  kRequestDuration,
  kRequestItems,
  kItems,
  kChangedItems,
  kInflightRequests,
  kInflightItems,
  kServing,
  kFresh,
  kSnapshotInfo,
  kSnapshotCreated,
  kSnapshotAge,
  kSnapshotMaxAge,
  kSnapshotSwaps,
  kSnapshotLoads,
  kSnapshotLoadFailures,
  kSnapshotLoadPhase,
  kSnapshotLoadsUnderWay,
  kTableResidentBytes,
  kTableItems,
  kTableRows,
  kOverrides,
  kNextOverrideExpiry,
  kCertificateExpiry,
  kCertificateRefused,
  kAdminRolesRefused,
  kMemoryLimit,
  kBuildInfo,
  kProcessResidentMemory,
  kProcessCpu,
  kProcessStartTime,
  kProcessOpenFds,
  kProcessMaxFds,
};

inline constexpr int kMaxLabels = 3;
struct FamilyInfo {
  Family family;
  const char* name;
  prometheus::MetricType type;
  std::array<const char*, kMaxLabels> labels;  // null after the last
  const char* help;
};

// In the order of the enumeration.
absl::Span<const FamilyInfo> Families();

// Collects the values of one scrape.
class Exposition {
 public:
  Exposition();

  // REQUIRES: as many labels as the family has.
  using Labels = std::initializer_list<absl::string_view>;
  void Add(Family family, Labels labels, double value);

  // `counts` are those of each bucket alone; one more than `bounds`, the last being all above.
  void AddHistogram(Family family, Labels labels, absl::Span<const double> bounds,
                    absl::Span<const int64_t> counts, double sum);

  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  prometheus::ClientMetric& NewMetric(Family family, Labels labels);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace oasis

#endif  // OASIS_METRICS_FAMILIES_H_
