// The loader: from a snapshot directory to the live table, and back again.
#ifndef OASIS_LOADER_H_
#define OASIS_LOADER_H_

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/live_tables.h"
#include "oasis/machine.h"
#include "oasis/store.h"

namespace oasis {

// The phases of a load, in order. A failure up to kPublish leaves the live table and the store as
// they were; afterwards the snapshot is live, and only the cleaning up can be incomplete.
//
//   kWaiting → kVerify → kIngest → kBuild → kWarm → kPublish → kRetire → kDone
//
// A publish of a kept snapshot, a rollback and a restart enter at kBuild.
enum class LoadPhase {
  kWaiting,  // for another load to end
  kVerify,   // manifest, sizes, checksums
  kIngest,   // into the store
  kBuild,    // rows checked and put into a table
  kWarm,     // pages touched, sentinels asked
  kPublish,  // marked live in the store, then swapped
  kRetire,   // the old table freed, old snapshots pruned
  kDone,
};
absl::string_view LoadPhaseName(LoadPhase phase);  // "verify"

enum class LoadOutcome { kPublished, kUnchanged, kFailed };
absl::string_view LoadOutcomeName(LoadOutcome outcome);  // "published"

struct LoadProgress {
  LoadPhase phase = LoadPhase::kWaiting;
  int64_t done = 0;  // bytes in kVerify and kIngest, items in kBuild; 0 of 0 elsewhere
  int64_t total = 0;
};

// How one load, publish or rollback ended.
struct LoadReport {
  LoadOutcome outcome = LoadOutcome::kFailed;
  absl::Status status;  // why it failed; when published, what went wrong in kRetire
  LoadPhase failed_in = LoadPhase::kDone;
  std::string action;  // load, publish, rollback, restart
  std::string actor;
  std::string source;  // the directory given; empty when it came from the store
  TableName table;     // empty when the manifest was never read
  std::string snapshot_id;
  std::string replaced;  // the snapshot that was live before; empty if none
  int64_t items = 0;
  int64_t rows = 0;
  std::vector<std::pair<LoadPhase, absl::Duration>> phases;  // those that ran, in order
};

// Called from the thread that works; must return soon. Not OK ends the load (it was cancelled). An
// empty one is told nothing.
using LoadProgressFn = std::function<absl::Status(const LoadProgress&)>;

// Who asks, and why.
struct Caller {
  std::string actor;
  std::string reason;
};

// What decides whether a snapshot may come unasked, as it is at one moment.
struct TableState {
  std::string serving = {};  // the snapshot that requests see; empty if none
  absl::Time serving_created = absl::InfinitePast();
  bool fell_back = false;   // a restart could not restore the one marked live, and serves this one
  std::string pinned = {};  // empty if none
  absl::Time newest_published = absl::InfinitePast();  // Store::NewestPublished
  std::set<std::string> withdrawn = {};                // snapshots that were rolled back from

  // While the snapshot marked live is served: whether this one is newer than all that ever went
  // live. Else: whether it is newer than what is served, and nobody rolled back from it. Never
  // another one than a pinned one.
  bool Takes(absl::string_view snapshot_id, absl::Time created) const;
};

// Does one thing at a time: a second caller waits in kWaiting. The work is done on a thread of low
// priority, the calling thread waits for it. Thread-safe.
class Loader {
 public:
  struct Options {
    int keep = kDefaultKeptSnapshots;
    bool huge_pages = true;
    // Whether work yields to the threads that answer: loads by kLoadNiceness; publishes and
    // rollbacks, which somebody waits for, by kSwitchNiceness; Restore not at all, nor anything
    // while nothing is served.
    bool low_priority = true;
    // A table that needs more than this gives is refused beforehand.
    std::function<int64_t()> available_memory = [] { return AvailableMemoryBytes(); };
    std::function<absl::Time()> clock = [] { return absl::Now(); };
    // Told of every report, from the calling thread, before the call returns: metrics and logs. One
    // load is told of at a time; it must not call the loader.
    std::function<void(const LoadReport&)> observer = [](const LoadReport&) {};
    // Told of every load that goes from one phase to the next, from the thread that works; kDone is
    // where it comes from and where it ends. Must return soon.
    std::function<void(LoadPhase from, LoadPhase to)> moved = [](LoadPhase, LoadPhase) {};
    // Tests only: called on entering each phase; an error fails the load there.
    std::function<absl::Status(LoadPhase)> fail_point = [](LoadPhase) { return absl::OkStatus(); };
  };

  // `store` and `tables` are shared with the server and stay alive with it.
  Loader(std::shared_ptr<Store> store, std::shared_ptr<LiveTables> tables, Options options);

  // Loads the snapshot at `dir` and publishes it. kUnchanged when that snapshot is already live.
  // `expected`, if given, is the table it must be for; another one is refused. A pinned table is
  // refused with FailedPrecondition, as is a snapshot created after now (kMaxClockSkewSeconds).
  LoadReport Load(const std::filesystem::path& dir, const Caller& caller,
                  const LoadProgressFn& progress, const std::optional<TableName>& expected = {});

  // As Load, for a snapshot that nobody asked for: kUnchanged as well when, at its turn, its table
  // does not take it (TableState::Takes).
  LoadReport LoadUnasked(const std::filesystem::path& dir, const Caller& caller,
                         const LoadProgressFn& progress);

  // Makes a kept snapshot live.
  LoadReport Publish(const TableName& table, absl::string_view snapshot_id, const Caller& caller,
                     const LoadProgressFn& progress);

  // Publishes `snapshot_id`, or if empty the kept snapshot that was live before the present one.
  // That one counts as withdrawn until it is loaded or published again. FailedPrecondition when
  // another one went live while this waited.
  LoadReport Rollback(const TableName& table, absl::string_view snapshot_id, const Caller& caller,
                      const LoadProgressFn& progress);

  absl::Status Pin(const TableName& table, absl::string_view snapshot_id, const Caller& caller);
  absl::Status Unpin(const TableName& table, const Caller& caller);

  // At start: makes every table that the store marks live the live table, unless one of it is live
  // already. Where one cannot be built, the next kept snapshot is tried that was not withdrawn, and
  // the report of each failure is given to the observer. What is fallen back on is served but not
  // marked: the next restart tries the marked one again. Returns one report a table.
  std::vector<LoadReport> Restore();

  absl::StatusOr<TableState> StateOf(const TableName& table) const;

  // Makes running and later loads end with Cancelled. For shutdown.
  void Cancel();

  const Store& store() const { return *store_; }
  bool low_priority() const { return options_.low_priority; }

 private:
  class Run;  // one load under way: its phases, progress and report

  // Waits for its turn, does `work` on a thread of its own, and tells how it ended.
  LoadReport Execute(Run& run, const std::function<absl::Status()>& work);
  void Tell(Run& run);  // the journal and the observer
  absl::Status WaitForTurn(const Run& run);
  void EndTurn();
  int NicenessOf(absl::string_view action) const;

  // The steps of a load (load_steps.cc); they run on that thread.
  absl::Status LoadDirectory(Run& run, const std::filesystem::path& dir,
                             const std::optional<TableName>& expected, bool asked);
  absl::Status LoadHeld(Run& run, const std::filesystem::path& dir, const Manifest& manifest);
  absl::Status PublishKept(Run& run);
  absl::Status BuildAndPublish(Run& run, const Manifest& manifest);
  absl::Status MarkLive(const Run& run, const TableName& table, absl::string_view snapshot_id);
  static absl::Status Unchanged(Run& run, int64_t items, int64_t rows);

  absl::Status CheckCreated(const std::filesystem::path& dir, const Manifest& manifest) const;
  absl::Status CheckFits(const Manifest& manifest) const;
  absl::Status CheckAllowed(const TableName& table, absl::string_view snapshot_id) const;
  // The live snapshot of a table, as requests see it.
  struct Served {
    std::string snapshot_id;
    absl::Time created;
    int64_t items = 0;
    int64_t rows = 0;
  };
  std::optional<Served> Serving(const TableName& table) const;
  bool IsLive(const TableName& table, absl::string_view snapshot_id) const;
  // Kept snapshots that were live before the present one, the last of them first.
  absl::StatusOr<std::vector<StoredSnapshot>> OnceLive(const TableName& table) const;

  LoadReport RestoreTable(const TableName& table);
  // Without an id: the one that is marked live.
  LoadReport RestoreOne(const TableName& table, const std::optional<std::string>& snapshot_id);
  absl::Status JournalPin(absl::string_view action, const TableName& table,
                          absl::string_view snapshot_id, const Caller& caller,
                          const absl::Status& status);

  std::shared_ptr<Store> store_;
  std::shared_ptr<LiveTables> tables_;
  Options options_;
  std::mutex turn_mutex_;
  std::condition_variable turn_;
  bool busy_ = false;  // guarded by turn_mutex_
  std::mutex tell_mutex_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace oasis

#endif  // OASIS_LOADER_H_
