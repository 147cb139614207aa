#include "apps/commands/admin_call.h"

#include <stdio.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "apps/commands/flags.h"
#include "apps/enum_word.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/message_json.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "oasis/status.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

void PrintResult(const v1::LoadResult& result) {
  const bool unchanged = result.outcome() == v1::LoadResult::OUTCOME_UNCHANGED;
  const std::string& before = result.replaced_snapshot_id();
  std::vector<std::string> phases;
  absl::Duration all;
  for (const v1::PhaseTime& phase : result.phases()) {
    const absl::Duration took = GetDuration(phase.took());
    all += took;
    phases.push_back(absl::StrCat(EnumWord(phase.phase()), " ", FormatSpan(took)));
  }
  const std::string text = absl::StrCat(
      result.score_set(), "/", result.variant(), ": ", result.snapshot_id(),
      unchanged ? " was live already" : " is live",
      before.empty() || unchanged ? "" : absl::StrCat(" instead of ", before), "\n",
      FormatCount(result.items()), " items, ", FormatCount(result.rows()), " rows",
      phases.empty() ? "" : absl::StrCat("; ", FormatSpan(all), ": ", absl::StrJoin(phases, ", ")),
      "\n");
  fputs(text.c_str(), stdout);
}

void Print(const v1::LoadResult& result, bool json) {
  if (json) {
    PrintJson(MessageToJson(result));
  } else {
    PrintResult(result);
  }
  if (result.guardrails().verdict() > v1::GuardrailResult::VERDICT_PASS) {
    const std::string told =
        absl::StrCat(result.forced() ? "oasis: forced past guardrails: " : "oasis: guardrails: ",
                     result.guardrails().summary(), "\n");
    fputs(told.c_str(), stderr);
  }
  if (result.warning().empty()) return;
  const std::string warning = absl::StrCat("oasis: the snapshot is live, but afterwards ",
                                           "something went wrong: ", result.warning(), "\n");
  fputs(warning.c_str(), stderr);
}

}  // namespace

absl::StatusOr<v1::LoadResult> AwaitLoad(const Peer& peer, const StartLoad& start) {
  grpc::ClientContext context;
  SetUp(context, absl::InfiniteDuration());
  // Before gRPC has threads of its own, which would get the signal.
  const Interrupt interrupt(kExitInterrupted, [&](const StopSignal&) { context.TryCancel(); });
  OASIS_ASSIGN_OR_RETURN(const auto channel, OpenChannel(peer));
  v1::SnapshotAdmin::Stub stub(channel);
  v1::LoadSnapshotResponse update;
  std::optional<v1::LoadResult> result;
  bool began = false;
  grpc::Status status;
  {
    ProgressLine line;
    const auto stream = start(stub, &context);
    while (stream->Read(&update)) {
      began = true;
      line.Update(EnumWord(update.phase()), update.done(), update.total());
      if (update.has_result()) result = update.result();
    }
    status = stream->Finish();
  }
  if (result.has_value()) return *std::move(result);  // whatever came afterwards
  const std::string unknown = absl::StrCat(
      " before the server told how it ended: the snapshot may be live or not; see oasis status "
      "--server ",
      peer.address);
  if (interrupt.seen()) return absl::CancelledError(absl::StrCat("interrupted", unknown));
  if (began && !status.ok() && context.GetServerTrailingMetadata().count(kLoadEndedKey) == 0) {
    return absl::UnavailableError(
        absl::StrCat("the connection broke (", status.error_message(), ")", unknown));
  }
  if (!status.ok()) return CallStatus(status, context, peer);
  return absl::InternalError(absl::StrCat("the call ended", unknown));
}

absl::Status FollowLoad(const Peer& peer, bool json, const StartLoad& start) {
  OASIS_ASSIGN_OR_RETURN(const v1::LoadResult result, AwaitLoad(peer, start));
  Print(result, json);
  return absl::OkStatus();
}

}  // namespace oasis
