#include "oasis/guardrails.h"

#include "guardrails/checks.h"
#include "guardrails/compare_tables.h"
#include "guardrails/finding_list.h"
#include "guardrails/joint_numbers.h"
#include "oasis/status.h"

namespace oasis {
namespace {

GuardrailSide SideOfTable(const Table& table) {
  return {table.info(), table.items(), table.cells()};
}

}  // namespace

absl::StatusOr<GuardrailReport> CheckGuardrails(const Table& candidate, const Table* live,
                                                const GuardrailPolicy& policy,
                                                const GuardrailRun& run) {
  const Table* compared = live != nullptr && live->cells() > 0 ? live : nullptr;
  const JointNumbers joint(candidate, compared, run.now);
  OASIS_ASSIGN_OR_RETURN(const ComparedTables counts,
                         CompareTables(candidate, compared, joint, policy.move_bound, run));
  const CheckInput input = {candidate, compared, joint, counts, policy};
  GuardrailReport report;
  report.candidate = SideOfTable(candidate);
  if (live != nullptr) report.live = SideOfTable(*live);
  report.checked = run.now;
  FindingList findings(policy);
  if (compared != nullptr) {
    CheckContent(input, &findings);
    CheckScoreChanges(input, &findings);
    report.replay = CheckReplay(input, run.recent, run.now, &findings);
  }
  CheckDistributions(input, &findings, &report.distributions);
  CheckCampaigns(input, &findings);
  CheckAnswers(input, &findings);
  CheckTimes(candidate.info(), live == nullptr ? nullptr : &live->info(), run.now, &findings);
  CheckId(run.reuses_id, &findings);
  CheckGates(run.gates, &findings);
  findings.Finish(&report);
  return report;
}

}  // namespace oasis
