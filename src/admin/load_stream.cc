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

void SetResult(const LoadReport& report, v1::LoadResult* result) {
  result->set_outcome(report.outcome == LoadOutcome::kPublished
                          ? v1::LoadResult::OUTCOME_PUBLISHED
                          : v1::LoadResult::OUTCOME_UNCHANGED);
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
                        const std::function<LoadReport(const LoadProgressFn&)>& load) {
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
  writer.Write(response);  // should the caller be gone, the journal tells
  return grpc::Status::OK;
}

}  // namespace oasis
