#include "guardrails/drift.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace oasis {
namespace {

constexpr double kGroupShare = 0.1;
constexpr double kLeastShare = 1e-4;

double TotalOf(absl::Span<const int64_t> bins) {
  return static_cast<double>(std::accumulate(bins.begin(), bins.end(), int64_t{0}));
}

double Term(double a, double b) {
  a = std::max(a, kLeastShare);
  b = std::max(b, kLeastShare);
  return (b - a) * std::log(b / a);
}

}  // namespace

double PopulationStabilityIndex(absl::Span<const int64_t> live,
                                absl::Span<const int64_t> candidate) {
  const double live_total = TotalOf(live);
  const double candidate_total = TotalOf(candidate);
  double index = 0;
  double a = 0;  // of the group so far
  double b = 0;
  const auto end_group = [&] {
    index += Term(a, b);
    a = b = 0;
  };
  for (size_t i = 0; i < live.size(); ++i) {
    const double more_a = static_cast<double>(live[i]) / live_total;
    const double more_b = static_cast<double>(candidate[i]) / candidate_total;
    if ((more_a + more_b) / 2 >= kGroupShare) end_group();
    a += more_a;
    b += more_b;
    if ((a + b) / 2 >= kGroupShare) end_group();
  }
  end_group();
  return index;
}

double KolmogorovSmirnov(absl::Span<const int64_t> live, absl::Span<const int64_t> candidate) {
  const double live_total = TotalOf(live);
  const double candidate_total = TotalOf(candidate);
  double distance = 0;
  int64_t live_rows = 0;
  int64_t candidate_rows = 0;
  for (size_t i = 0; i < live.size(); ++i) {
    live_rows += live[i];
    candidate_rows += candidate[i];
    distance = std::max(distance, std::abs(static_cast<double>(live_rows) / live_total -
                                           static_cast<double>(candidate_rows) / candidate_total));
  }
  return distance;
}

}  // namespace oasis
