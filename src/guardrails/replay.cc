// What recent requests would be answered by either table.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "guardrails/checks.h"
#include "guardrails/drift.h"
#include "guardrails/tally.h"
#include "overrides/table_rules.h"

namespace oasis {
namespace {

// The answers of one table to one request after the other.
class Replayer {
 public:
  Replayer(const Table& table, absl::Time now)
      : table_(table),
        signal_(table.FindSignal(kDefaultSignal)),
        now_(now),
        dates_(TableRules::Create(table, {}, now)) {}

  bool scored() const { return signal_.has_value(); }
  double scale() const {
    return static_cast<double>(table_.signals()[static_cast<size_t>(*signal_)].scale);
  }

  void Ask(const RecentRequest& request) {
    scores_.resize(request.keys.size());
    statuses_.resize(request.keys.size());
    const FallbackChain chain =
        table_.contexts().Resolve(request.surface, request.market, request.cohort);
    const TableRules::Scope scope = dates_->ScopeOf(request.surface, request.market, now_);
    const absl::Span<float> scores = absl::MakeSpan(scores_);
    const absl::Span<int> statuses = absl::MakeSpan(statuses_);
    table_.Lookup(request.keys, chain, {&*signal_, 1}, scores, statuses, scope.rows, campaigns_);
    dates_->Apply(scope, request.keys, campaigns_, {&*signal_, 1}, scores, statuses);
  }

  bool Found(size_t i) const { return statuses_[i] == static_cast<int>(ItemStatus::kFound); }
  bool Expired(size_t i) const { return statuses_[i] == static_cast<int>(ItemStatus::kExpired); }
  float Score(size_t i) const { return scores_[i]; }

 private:
  const Table& table_;
  const std::optional<int> signal_;
  const absl::Time now_;
  const std::shared_ptr<const TableRules> dates_;  // of campaigns; no overrides
  std::vector<float> scores_;
  std::vector<int> statuses_;
  std::vector<CampaignOfKey> campaigns_;
};

// The answers of one table, counted.
struct Answers {
  int64_t found = 0;
  double sum = 0;
  std::vector<int64_t> bins = std::vector<int64_t>(kGuardrailBins, 0);

  void Add(const Replayer& table, size_t i, double scale) {
    found += static_cast<int64_t>(table.Found(i));
    const double score = table.Score(i);
    sum += score;
    const double bin = scale > 0 ? std::round(score / scale * kGuardrailHistogramHalf) : 0;
    ++bins[static_cast<size_t>(bin + kGuardrailHistogramHalf)];
  }
};

Finding ReplayFinding(Check check, double value) {
  Finding finding;
  finding.check = check;
  finding.signal = std::string(kDefaultSignal);
  finding.value = value;
  return finding;
}

}  // namespace

// Where the live campaign is over, or not yet running, the live answer is no measure: else a
// snapshot that comes after many have ended would be blocked for bringing their successors.
GuardrailReplay CheckReplay(const CheckInput& input, absl::Span<const RecentRequest> recent,
                            absl::Time now, FindingList* findings) {
  Replayer live(*input.live, now);
  Replayer candidate(input.candidate, now);
  GuardrailReplay replay;
  if (!live.scored() || !candidate.scored()) return replay;  // told by kVanishedSignals
  const double scale = std::max(live.scale(), candidate.scale());
  Answers before;
  Answers after;
  int64_t changed = 0;
  for (const RecentRequest& request : recent) {
    live.Ask(request);
    candidate.Ask(request);
    for (size_t i = 0; i < request.keys.size(); ++i) {
      if (live.Expired(i)) continue;
      ++replay.items;
      before.Add(live, i, scale);
      after.Add(candidate, i, scale);
      changed += static_cast<int64_t>(live.Found(i) != candidate.Found(i));
    }
    ++replay.requests;
  }
  if (replay.items == 0 || replay.items < input.policy.min_rows) return replay;
  const auto items = static_cast<double>(replay.items);
  const std::string of =
      absl::StrCat("of ", replay.items, " items of ", replay.requests, " recent requests");
  if (before.found > 0) {
    Finding found = ReplayFinding(Check::kReplayFound,
                                  static_cast<double>(std::abs(after.found - before.found)) /
                                      static_cast<double>(before.found));
    found.live = static_cast<double>(before.found);
    found.candidate = static_cast<double>(after.found);
    found.detail = of;
    findings->Add(std::move(found));
  }
  Finding statuses = ReplayFinding(Check::kReplayStatuses, static_cast<double>(changed) / items);
  statuses.detail = absl::StrCat(of, " ", changed, " are found by one of both only");
  findings->Add(std::move(statuses));
  Finding drift =
      ReplayFinding(Check::kReplayPsi, PopulationStabilityIndex(before.bins, after.bins));
  drift.live = before.sum / items;
  drift.candidate = after.sum / items;
  drift.detail = absl::StrCat(of, "; the figures are means");
  findings->Add(std::move(drift));
  return replay;
}

}  // namespace oasis
