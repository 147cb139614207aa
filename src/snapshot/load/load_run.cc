#include "snapshot/load/load_run.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/status.h"

namespace oasis {

absl::string_view LoadPhaseName(LoadPhase phase) {
  switch (phase) {
    case LoadPhase::kWaiting:
      return "waiting";
    case LoadPhase::kVerify:
      return "verify";
    case LoadPhase::kIngest:
      return "ingest";
    case LoadPhase::kBuild:
      return "build";
    case LoadPhase::kWarm:
      return "warm";
    case LoadPhase::kCheck:
      return "check";
    case LoadPhase::kPublish:
      return "publish";
    case LoadPhase::kRetire:
      return "retire";
    case LoadPhase::kDone:
      return "done";
  }
  return "unknown";
}

absl::string_view LoadOutcomeName(LoadOutcome outcome) {
  switch (outcome) {
    case LoadOutcome::kPublished:
      return "published";
    case LoadOutcome::kUnchanged:
      return "unchanged";
    case LoadOutcome::kChecked:
      return "checked";
    case LoadOutcome::kFailed:
      return "failed";
  }
  return "unknown";
}

std::string DescribeTable(const TableName& table) {
  return absl::StrCat("score set '", table.score_set, "', variant '", table.variant, "'");
}

Loader::Run::Run(const Options& options, const std::atomic<bool>& cancelled,
                 absl::string_view action, const Caller& caller, const LoadProgressFn& progress)
    : options_(options),
      cancelled_(cancelled),
      caller_(caller),
      progress_(progress ? progress : [](const LoadProgress&) { return absl::OkStatus(); }) {
  report.action = std::string(action);
  report.actor = caller.actor;
}

void Loader::Run::EndPhase() {
  if (phase_ == LoadPhase::kDone) return;
  report.phases.emplace_back(phase_, absl::FromChrono(std::chrono::steady_clock::now() - began_));
}

void Loader::Run::Begin(LoadPhase phase) {
  EndPhase();
  options_.moved(std::exchange(phase_, phase), phase);
  began_ = std::chrono::steady_clock::now();
}

absl::Status Loader::Run::Enter(LoadPhase phase) {
  Begin(phase);
  OASIS_RETURN_IF_ERROR(Tell(0, 0));
  return options_.fail_point(phase);
}

absl::Status Loader::Run::EnterForGood(LoadPhase phase) {
  Begin(phase);
  progress_({phase, 0, 0}).IgnoreError();
  return options_.fail_point(phase);
}

absl::Status Loader::Run::Tell(int64_t done, int64_t total) const {
  if (cancelled_) return absl::CancelledError("the server is shutting down");
  if (waiting_ != nullptr && *waiting_ > 0) {
    return absl::CancelledError("made way for a publish or rollback; try it again");
  }
  return progress_({phase_, done, total});
}

Progress Loader::Run::progress() const {
  return [this](int64_t done, int64_t total) { return Tell(done, total); };
}

void Loader::Run::End(const absl::Status& status) {
  report.status = status;
  if (!status.ok()) report.failed_in = phase_;
  EndPhase();
  options_.moved(std::exchange(phase_, LoadPhase::kDone), LoadPhase::kDone);
  if (report.outcome != LoadOutcome::kFailed) progress_({phase_, 0, 0}).IgnoreError();
}

JournalEntry Loader::Run::ToJournal() const {
  std::vector<std::string> details;
  if (!caller_.reason.empty()) details.push_back(absl::StrCat("reason: ", caller_.reason));
  if (report.guardrails != nullptr && report.outcome != LoadOutcome::kFailed &&
      report.guardrails->verdict != Verdict::kPass) {
    details.push_back(absl::StrCat(report.forced ? "forced past guardrails: " : "guardrails: ",
                                   GuardrailSummary(*report.guardrails)));
  }
  if (!report.source.empty()) details.push_back(absl::StrCat("from ", report.source));
  if (!report.status.ok()) {
    details.push_back(absl::StrCat(LoadPhaseName(report.failed_in), ": ", report.status.message()));
  }
  std::string outcome = "ok";
  if (report.outcome == LoadOutcome::kUnchanged) outcome = "unchanged";
  if (report.outcome == LoadOutcome::kFailed) {
    outcome = absl::StatusCodeToString(report.status.code());
  }
  return {.sequence = 0,
          .time = options_.clock(),
          .actor = report.actor,
          .action = report.action,
          .table = report.table,
          .snapshot_id = report.snapshot_id,
          .outcome = outcome,
          .detail = absl::StrJoin(details, "; ")};
}

}  // namespace oasis
