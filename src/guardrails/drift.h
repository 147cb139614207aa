// How far two histograms over the same bins are from each other.
#ifndef OASIS_GUARDRAILS_DRIFT_H_
#define OASIS_GUARDRAILS_DRIFT_H_

#include <cstdint>

#include "absl/types/span.h"

namespace oasis {

// REQUIRES of both: as many bins on both sides, and a row on each.

// Population stability index: the sum over groups of bins of (b - a) ln(b / a), a and b being the
// shares of rows on either side, at least 0.0001. Groups are neighbouring bins which together have
// a tenth of the rows (the mean of both sides' shares); a bin that has as much is a group alone. 0
// is no drift; from 0.1 on it is customary to look, from 0.25 on to act.
double PopulationStabilityIndex(absl::Span<const int64_t> live,
                                absl::Span<const int64_t> candidate);

// Kolmogorov-Smirnov: the largest difference of the shares of rows up to a bin. 0 to 1.
double KolmogorovSmirnov(absl::Span<const int64_t> live, absl::Span<const int64_t> candidate);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_DRIFT_H_
