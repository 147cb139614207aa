#include "admin/load_stream.h"

#include <string>

#include "oasis/status.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

// The API numbers the phases from 1, in the same order.
v1::LoadPhase ToProto(LoadPhase phase) {
  static_assert(static_cast<int>(LoadPhase::kDone) + 1 == v1::LOAD_PHASE_DONE);
  return static_cast<v1::LoadPhase>(static_cast<int>(phase) + 1);
}

v1::LoadResult::Outcome ToProto(LoadOutcome outcome) {
  switch (outcome) {
    case LoadOutcome::kPublished:
      return v1::LoadResult::OUTCOME_PUBLISHED;
    case LoadOutcome::kUnchanged:
      return v1::LoadResult::OUTCOME_UNCHANGED;
    case LoadOutcome::kChecked:
      return v1::LoadResult::OUTCOME_CHECKED;
    case LoadOutcome::kFailed:
      break;  // is a status
  }
  return v1::LoadResult::OUTCOME_UNSPECIFIED;
}

// The API numbers verdicts from 1, in the same order.
v1::GuardrailResult::Verdict ToProto(Verdict verdict) {
  static_assert(static_cast<int>(Verdict::kBlock) + 1 == v1::GuardrailResult::VERDICT_BLOCK);
  return static_cast<v1::GuardrailResult::Verdict>(static_cast<int>(verdict) + 1);
}

void SetResult(const LoadReport& report, v1::LoadResult* result) {
  result->set_outcome(ToProto(report.outcome));
  result->set_score_set(report.table.score_set);
  result->set_variant(report.table.variant);
  result->set_snapshot_id(report.snapshot_id);
  result->set_replaced_snapshot_id(report.replaced);
  result->set_items(report.items);
  result->set_rows(report.rows);
  if (!report.status.ok()) {
    result->set_warning(
        std::string(Annotate(report.status, LoadPhaseName(report.failed_in)).message()));
  }
  if (report.guardrails != nullptr) {
    result->mutable_guardrails()->set_verdict(ToProto(report.guardrails->verdict));
    result->mutable_guardrails()->set_summary(GuardrailSummary(*report.guardrails));
  }
  result->set_forced(report.forced);
  for (const auto& [phase, took] : report.phases) {
    v1::PhaseTime* time = result->add_phases();
    time->set_phase(ToProto(phase));
    SetDuration(took, time->mutable_took());
  }
}

}  // namespace

bool ProgressThrottle::Admit(LoadPhase phase, Clock::time_point now) {
  if (!first_ && phase == phase_ &&
      now - last_ < std::chrono::milliseconds(kProgressMessageMilliseconds))
    return false;
  first_ = false;
  phase_ = phase;
  last_ = now;
  return true;
}

grpc::Status StreamLoad(grpc::ServerContext& context,
                        grpc::ServerWriter<v1::LoadSnapshotResponse>& writer,
                        const std::function<LoadReport(const LoadProgressFn&)>& load,
                        const std::function<void(const LoadReport&, v1::LoadResult*)>& add) {
  ProgressThrottle throttle;
  v1::LoadSnapshotResponse response;
  const LoadProgressFn tell = [&](const LoadProgress& progress) {
    if (context.IsCancelled()) return absl::CancelledError("the caller cancelled the call");
    if (progress.phase == LoadPhase::kDone) return absl::OkStatus();  // comes with the result
    if (!throttle.Admit(progress.phase, ProgressThrottle::Clock::now())) return absl::OkStatus();
    response.set_phase(ToProto(progress.phase));
    response.set_done(progress.done);
    response.set_total(progress.total);
    if (!writer.Write(response)) return absl::CancelledError("the caller is gone");
    return absl::OkStatus();
  };
  const LoadReport report = load(tell);
  if (report.outcome == LoadOutcome::kFailed) {
    context.AddTrailingMetadata(kLoadEndedKey, "failed");
    return ToGrpcStatus(Annotate(report.status, LoadPhaseName(report.failed_in)));
  }
  response.Clear();
  response.set_phase(v1::LOAD_PHASE_DONE);
  SetResult(report, response.mutable_result());
  if (add) add(report, response.mutable_result());
  writer.Write(response);  // should the caller be gone, the journal tells
  return grpc::Status::OK;
}

}  // namespace oasis
