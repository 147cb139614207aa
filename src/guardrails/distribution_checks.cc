// How the scores of each surface and signal lie.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "guardrails/checks.h"
#include "guardrails/drift.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

Finding ScoreFinding(Check check, const std::string& surface, const std::string& signal) {
  Finding finding;
  finding.check = check;
  finding.scope = absl::StrCat("surface ", surface);
  finding.signal = signal;
  return finding;
}

double Mean(const Tally::Scores& scores, const Table& table, const std::string& signal) {
  const auto place = static_cast<size_t>(*table.FindSignal(signal));
  return static_cast<double>(scores.sum) / static_cast<double>(scores.rows) *
         static_cast<double>(table.signals()[place].scale) / kQuantisedMax;
}

double ZeroShare(const Tally::Scores& scores) {
  return static_cast<double>(scores.zeros) / static_cast<double>(scores.rows);
}

// The bins that have rows, put together to at most kDistributionBins.
ScoreDistribution Drawn(absl::Span<const int64_t> live, absl::Span<const int64_t> candidate,
                        double scale) {
  size_t first = kGuardrailBins;
  size_t last = 0;
  for (size_t i = 0; i < kGuardrailBins; ++i) {
    if (live[i] + candidate[i] == 0) continue;
    first = std::min(first, i);
    last = i;
  }
  const size_t used = last - first + 1;
  const size_t width = (used + kDistributionBins - 1) / kDistributionBins;
  const size_t bins = (used + width - 1) / width;
  ScoreDistribution drawn;
  const double bin = scale / kGuardrailHistogramHalf;
  drawn.low = (static_cast<double>(first) - kGuardrailHistogramHalf - 0.5) * bin;
  drawn.high = drawn.low + static_cast<double>(bins * width) * bin;
  drawn.live.resize(bins);
  drawn.candidate.resize(bins);
  for (size_t i = first; i <= last; ++i) {
    drawn.live[(i - first) / width] += live[i];
    drawn.candidate[(i - first) / width] += candidate[i];
  }
  return drawn;
}

// One surface and signal.
class DistributionCheck {
 public:
  DistributionCheck(const CheckInput& input, size_t slice, size_t signal)
      : input_(input),
        slice_(slice),
        signal_(signal),
        surface_(input.joint.SliceName(slice)),
        name_(input.joint.signals()[signal]),
        live_(input.counts.live.ScoresOf(slice, signal)),
        candidate_(input.counts.candidate.ScoresOf(slice, signal)) {}

  bool empty() const { return live_.rows + candidate_.rows == 0; }

  ScoreDistribution Run(FindingList* findings) const {
    const absl::Span<const int64_t> live = input_.counts.live.Histogram(slice_, signal_);
    const absl::Span<const int64_t> now = input_.counts.candidate.Histogram(slice_, signal_);
    ScoreDistribution drawn = Drawn(live, now, input_.joint.scales()[signal_]);
    drawn.surface = surface_;
    drawn.signal = name_;
    if (Enough(candidate_)) AddZeros(findings);
    if (Enough(candidate_) && Enough(live_)) {
      drawn.psi = PopulationStabilityIndex(live, now);
      drawn.ks = KolmogorovSmirnov(live, now);
      AddDrift(Check::kPsi, *drawn.psi, findings);
      AddDrift(Check::kKs, *drawn.ks, findings);
    }
    return drawn;
  }

 private:
  bool Enough(const Tally::Scores& scores) const {
    return scores.rows > 0 && scores.rows >= input_.policy.min_rows;
  }

  void AddZeros(FindingList* findings) const {
    Finding finding = ScoreFinding(Check::kZeros, surface_, name_);
    if (live_.rows > 0) finding.live = ZeroShare(live_);
    finding.candidate = finding.value = ZeroShare(candidate_);
    findings->Add(std::move(finding));
  }

  void AddDrift(Check check, double value, FindingList* findings) const {
    Finding finding = ScoreFinding(check, surface_, name_);
    finding.live = Mean(live_, *input_.live, name_);
    finding.candidate = Mean(candidate_, input_.candidate, name_);
    finding.value = value;
    finding.detail = "the figures are means";
    findings->Add(std::move(finding));
  }

  const CheckInput& input_;
  const size_t slice_;
  const size_t signal_;
  const std::string surface_;
  const std::string name_;
  const Tally::Scores live_;
  const Tally::Scores candidate_;
};

void AddLargestPromotion(const CheckInput& input, FindingList* findings) {
  const std::optional<size_t> promotion = input.joint.candidate().promotion;
  if (!promotion.has_value()) return;
  Finding finding;
  finding.check = Check::kLargestPromotion;
  finding.signal = "promotion";
  finding.value = static_cast<double>(input.candidate.signals()[*promotion].scale) *
                  input.counts.candidate.largest(*promotion) / kQuantisedMax;
  finding.candidate = finding.value;
  findings->Add(std::move(finding));
}

}  // namespace

void CheckDistributions(const CheckInput& input, FindingList* findings,
                        std::vector<ScoreDistribution>* distributions) {
  AddLargestPromotion(input, findings);
  for (size_t slice = 0; slice < input.joint.slices(); ++slice) {
    for (size_t signal = 0; signal < input.joint.signals().size(); ++signal) {
      const std::string& name = input.joint.signals()[signal];
      if (IsTermOfAny(name, input.candidate.signals())) continue;
      if (input.live != nullptr && IsTermOfAny(name, input.live->signals())) continue;
      const DistributionCheck check(input, slice, signal);
      if (!check.empty()) distributions->push_back(check.Run(findings));
    }
  }
  std::stable_sort(distributions->begin(), distributions->end(),
                   [](const ScoreDistribution& a, const ScoreDistribution& b) {
                     return a.psi.value_or(-1) > b.psi.value_or(-1);
                   });
  if (distributions->size() > kMaxDistributions) distributions->resize(kMaxDistributions);
}

}  // namespace oasis
