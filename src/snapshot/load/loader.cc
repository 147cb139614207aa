#include "oasis/loader.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "machine/memory.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/load/load_run.h"
#include "snapshot/load/low_priority.h"

namespace oasis {
namespace {

absl::Status ValidateTable(const TableName& table) {
  OASIS_RETURN_IF_ERROR(ValidateName("score set", table.score_set));
  return ValidateName("variant", table.variant);
}

absl::Status ValidateTarget(const TableName& table, absl::string_view snapshot_id) {
  OASIS_RETURN_IF_ERROR(ValidateTable(table));
  return ValidateName("snapshot id", snapshot_id);
}

absl::Status WentLiveMeanwhile(absl::string_view snapshot_id) {
  return absl::FailedPreconditionError(
      absl::StrCat("snapshot '", snapshot_id,
                   "' went live meanwhile; call `rollback` again to roll back from that one"));
}

absl::Status NothingToRollBackTo(const TableName& table) {
  return absl::FailedPreconditionError(absl::StrCat(
      "no other kept snapshot of score set '", table.score_set, "', variant '", table.variant,
      "' was live before, but for what was rolled back from; `oasis snapshot list` shows those "
      "kept, `oasis snapshot publish` takes any of them"));
}

}  // namespace

Loader::Loader(std::shared_ptr<Store> store, std::shared_ptr<LiveTables> tables, Options options)
    : store_(std::move(store)), tables_(std::move(tables)), options_(std::move(options)) {}

LoadReport Loader::Load(const std::filesystem::path& dir, const Caller& caller,
                        const LoadProgressFn& progress, const LoadTerms& terms) {
  Run run(options_, cancelled_, kLoad, caller, progress);
  run.report.source = dir.string();
  return Execute(run, [&] { return LoadDirectory(run, dir, terms, /*asked=*/true); });
}

LoadReport Loader::Check(const std::filesystem::path& dir, const Caller& caller,
                         const LoadProgressFn& progress) {
  Run run(options_, cancelled_, kCheckOnly, caller, progress);
  run.MakeWayFor(switching_);
  run.report.source = dir.string();
  return Execute(run, [&] { return CheckDirectory(run, dir); });
}

LoadReport Loader::LoadUnasked(const std::filesystem::path& dir, const Caller& caller,
                               const LoadProgressFn& progress) {
  Run run(options_, cancelled_, kLoad, caller, progress);
  run.report.source = dir.string();
  run.MakeWayFor(switching_);
  return Execute(run, [&] { return LoadDirectory(run, dir, {}, /*asked=*/false); });
}

LoadReport Loader::Publish(const TableName& table, absl::string_view snapshot_id,
                           const Caller& caller, const LoadProgressFn& progress,
                           const LoadTerms& terms) {
  Run run(options_, cancelled_, kPublish, caller, progress);
  run.report.table = table;
  run.report.snapshot_id = std::string(snapshot_id);
  return Execute(run, [&] {
    OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
    OASIS_RETURN_IF_ERROR(ValidateTarget(table, snapshot_id));
    return PublishKept(run, terms);
  });
}

LoadReport Loader::Rollback(const TableName& table, absl::string_view snapshot_id,
                            const Caller& caller, const LoadProgressFn& progress) {
  Run run(options_, cancelled_, kRollback, caller, progress);
  run.report.table = table;
  run.report.snapshot_id = std::string(snapshot_id);
  const absl::StatusOr<std::optional<std::string>> from = store_->Live(table);
  return Execute(run, [&] {
    OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
    OASIS_RETURN_IF_ERROR(ValidateTable(table));
    OASIS_RETURN_IF_ERROR(from.status());
    OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> live, store_->Live(table));
    if (live != *from) return WentLiveMeanwhile(live.value_or(""));
    if (snapshot_id.empty()) {
      OASIS_ASSIGN_OR_RETURN(const std::vector<StoredSnapshot> earlier, OnceLive(table));
      if (earlier.empty()) return NothingToRollBackTo(table);
      run.report.snapshot_id = earlier.front().snapshot_id;
    }
    OASIS_RETURN_IF_ERROR(ValidateTarget(table, run.report.snapshot_id));
    return PublishKept(run, {});
  });
}

absl::StatusOr<Pinned> Loader::PinNow(const TableName& table, absl::string_view snapshot_id) {
  OASIS_RETURN_IF_ERROR(ValidateTable(table));
  if (!snapshot_id.empty()) OASIS_RETURN_IF_ERROR(ValidateName("snapshot id", snapshot_id));
  const std::lock_guard<std::mutex> lock(swap_mutex_);
  const std::optional<Served> serving = Serving(table);
  if (snapshot_id.empty() && !serving.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat(DescribeTable(table),
                     " has no live snapshot to pin; name one of `oasis "
                     "snapshot list`"));
  }
  Pinned pinned;
  pinned.snapshot_id = snapshot_id.empty() ? serving->snapshot_id : std::string(snapshot_id);
  pinned.live = serving.has_value() && serving->snapshot_id == pinned.snapshot_id;
  OASIS_RETURN_IF_ERROR(store_->Pin(table, pinned.snapshot_id));
  return pinned;
}

absl::StatusOr<Pinned> Loader::Pin(const TableName& table, absl::string_view snapshot_id,
                                   const Caller& caller) {
  absl::StatusOr<Pinned> pinned = PinNow(table, snapshot_id);
  const absl::string_view id = pinned.ok() ? pinned->snapshot_id : snapshot_id;
  OASIS_RETURN_IF_ERROR(JournalPin("pin", table, id, caller, pinned.status()));
  return pinned;
}

absl::Status Loader::Unpin(const TableName& table, const Caller& caller) {
  absl::Status status = ValidateTable(table);
  if (status.ok()) status = store_->Unpin(table);
  return JournalPin("unpin", table, "", caller, status);
}

absl::Status Loader::JournalWithheld(const TableName& table, absl::string_view snapshot_id,
                                     const Caller& caller, absl::string_view why) {
  return store_->Journal(
      {.sequence = 0,
       .time = options_.clock(),
       .actor = caller.actor,
       .action = std::string(kLoad),
       .table = table,
       .snapshot_id = std::string(snapshot_id),
       .outcome = absl::StatusCodeToString(absl::StatusCode::kFailedPrecondition),
       .detail = std::string(why)});
}

absl::Status Loader::JournalPin(absl::string_view action, const TableName& table,
                                absl::string_view snapshot_id, const Caller& caller,
                                const absl::Status& status) {
  std::string detail = caller.reason;
  if (!status.ok()) {
    absl::StrAppend(&detail, detail.empty() ? "" : "; ", status.message());
  }
  const absl::Status journaled =
      store_->Journal({.sequence = 0,
                       .time = options_.clock(),
                       .actor = caller.actor,
                       .action = std::string(action),
                       .table = table,
                       .snapshot_id = std::string(snapshot_id),
                       .outcome = status.ok() ? "ok" : absl::StatusCodeToString(status.code()),
                       .detail = std::move(detail)});
  if (!status.ok()) return status;
  return Annotate(journaled, "done, but the journal could not be written");
}

void Loader::Cancel() {
  cancelled_ = true;
  turn_.notify_all();
}

absl::Status Loader::WaitForTurn(const Run& run) {
  const bool switches = run.report.action == kPublish || run.report.action == kRollback;
  std::unique_lock<std::mutex> lock(turn_mutex_);
  if (switches) ++switching_;
  const absl::Cleanup waited = [&] {  // with the lock, whichever way this ends
    if (!lock.owns_lock()) lock.lock();
    if (switches) --switching_;
  };
  while (busy_ || (!switches && switching_ > 0)) {
    turn_.wait_for(lock, std::chrono::milliseconds(kAskAgainMilliseconds));
    lock.unlock();
    OASIS_RETURN_IF_ERROR(run.Tell(0, 0));
    lock.lock();
  }
  busy_ = true;
  return absl::OkStatus();
}

void Loader::EndTurn() {
  const std::lock_guard<std::mutex> lock(turn_mutex_);
  busy_ = false;
  turn_.notify_all();
}

LoadReport Loader::Execute(Run& run, const std::function<absl::Status()>& work) {
  absl::Status status = run.Enter(LoadPhase::kWaiting);
  if (status.ok()) status = WaitForTurn(run);
  const bool our_turn = status.ok();
  const absl::Cleanup end_turn = [&] {  // also when telling of it throws
    if (our_turn) EndTurn();
  };
  if (our_turn) {
    status = RunOnThread(NicenessOf(run.report.action), work);
    if (run.report.outcome != LoadOutcome::kPublished) ReleaseFreeMemory();  // what it took
  }
  run.End(status);
  Tell(run);
  return std::move(run.report);
}

int Loader::NicenessOf(absl::string_view action) const {
  bool serves = false;
  tables_->Visit([&](const TableSet& live) { serves = !live.score_sets().empty(); });
  if (!options_.low_priority || !serves || action == kRestart) return 0;
  return action == kLoad || action == kCheckOnly ? kLoadNiceness : kSwitchNiceness;
}

void Loader::Tell(Run& run) {
  LoadReport& report = run.report;
  const std::lock_guard<std::mutex> lock(tell_mutex_);
  const absl::Status journaled = store_->Journal(run.ToJournal());
  if (!journaled.ok() && report.outcome != LoadOutcome::kFailed) {
    const absl::Status told = Annotate(journaled, "done, but the journal could not be written");
    report.status = report.status.ok() ? told : Annotate(told, report.status.message());
    report.failed_in = LoadPhase::kRetire;
  }
  options_.observer(report);
}

}  // namespace oasis
