// One load under way: which phase it is in, whom it tells, and the report it ends with.
#ifndef OASIS_SNAPSHOT_LOAD_LOAD_RUN_H_
#define OASIS_SNAPSHOT_LOAD_LOAD_RUN_H_

#include <atomic>
#include <chrono>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/loader.h"
#include "oasis/snapshot.h"

namespace oasis {

// Actions that are done in another way than others.
inline constexpr absl::string_view kCheckOnly = "check";
inline constexpr absl::string_view kLoad = "load";
inline constexpr absl::string_view kPublish = "publish";
inline constexpr absl::string_view kRestart = "restart";
inline constexpr absl::string_view kRollback = "rollback";

std::string DescribeTable(const TableName& table);  // "score set '…', variant '…'"

// Used by one thread at a time: the caller, then the thread that works, then the caller.
class Loader::Run {
 public:
  // All but `action` must outlive the run.
  Run(const Options& options, const std::atomic<bool>& cancelled, absl::string_view action,
      const Caller& caller, const LoadProgressFn& progress);

  // From now on it ends as cancelled while `waiting` is above 0.
  void MakeWayFor(const std::atomic<int>& waiting) { waiting_ = &waiting; }

  // Begins a phase. Not OK when the load shall end here.
  absl::Status Enter(LoadPhase phase);
  // Begins a phase in which a load can no longer be cancelled.
  absl::Status EnterForGood(LoadPhase phase);

  // Tells the progress in the present phase. Not OK when the load was cancelled.
  absl::Status Tell(int64_t done, int64_t total) const;
  // Tell as a function; valid as long as the run.
  Progress progress() const;

  LoadPhase phase() const { return phase_; }

  // Ends the last phase and puts `status` into the report.
  void End(const absl::Status& status);

  // What this run leaves in the journal.
  JournalEntry ToJournal() const;

  LoadReport report;

 private:
  void Begin(LoadPhase phase);
  void EndPhase();

  const Options& options_;
  const std::atomic<bool>& cancelled_;
  const std::atomic<int>* waiting_ = nullptr;  // null: it makes way for nobody
  const Caller& caller_;
  const LoadProgressFn progress_;
  LoadPhase phase_ = LoadPhase::kDone;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_LOAD_LOAD_RUN_H_
