// The checks, by what they look at. Each adds its findings, those that pass included.
#ifndef OASIS_GUARDRAILS_CHECKS_H_
#define OASIS_GUARDRAILS_CHECKS_H_

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "guardrails/compare_tables.h"
#include "guardrails/finding_list.h"
#include "guardrails/joint_numbers.h"
#include "oasis/guardrails.h"
#include "oasis/table.h"

namespace oasis {

// What checks look at. `live` is null where there is none, or none with rows.
struct CheckInput {
  const Table& candidate;
  const Table* live;
  const JointNumbers& joint;
  const ComparedTables& counts;
  const GuardrailPolicy& policy;
};

// Whether it is a term of one of the signals: what no check judges.
inline bool IsTermOfAny(absl::string_view term, const std::vector<Signal>& signals) {
  return std::any_of(signals.begin(), signals.end(),
                     [term](const Signal& signal) { return IsTermOf(term, signal.name); });
}

// kItems to kVanishedSignals. REQUIRES: a live table.
void CheckContent(const CheckInput& input, FindingList* findings);

// kScoreGrowth, kTopChurn and kMovedRows. REQUIRES: a live table.
void CheckScoreChanges(const CheckInput& input, FindingList* findings);

// kLargestPromotion and kZeros; kPsi and kKs as well where there is a live table. Gives what can be
// drawn.
void CheckDistributions(const CheckInput& input, FindingList* findings,
                        std::vector<ScoreDistribution>* distributions);

// kNotRunning and kLicensorNotRunning.
void CheckCampaigns(const CheckInput& input, FindingList* findings);

// kEmpty and kSentinel.
void CheckAnswers(const CheckInput& input, FindingList* findings);

// kGate.
void CheckGates(const std::vector<Gate>& gates, FindingList* findings);

// kReplayFound to kReplayPsi, and what was replayed. REQUIRES: a live table.
GuardrailReplay CheckReplay(const CheckInput& input, absl::Span<const RecentRequest> recent,
                            absl::Time now, FindingList* findings);

// kOlderThanLive (where there is a live table), kAge and kFromTheFuture.
void CheckTimes(const TableInfo& candidate, const TableInfo* live, absl::Time now,
                FindingList* findings);

// kReusedId, where it is known.
void CheckId(std::optional<bool> reuses_id, FindingList* findings);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_CHECKS_H_
