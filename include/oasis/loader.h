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
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/guardrails.h"
#include "oasis/limits.h"
#include "oasis/live_tables.h"
#include "oasis/machine.h"
#include "oasis/recent_requests.h"
#include "oasis/store.h"

namespace oasis {

// The phases of a load, in order. A failure up to kPublish leaves the live table and the store as
// they were; afterwards the snapshot is live, and only the cleaning up can be incomplete.
//
//   kWaiting → kVerify → kIngest → kBuild → kWarm → kCheck → kPublish → kRetire → kDone
//
// A publish of a kept snapshot, a rollback and a restart enter at kBuild, and leave out kCheck for
// one that was live before: they are what somebody chose who knew it. A check alone leaves out
// kIngest, and ends after kCheck.
enum class LoadPhase {
  kWaiting,  // for another load to end
  kVerify,   // manifest, sizes, checksums
  kIngest,   // into the store
  kBuild,    // rows checked and put into a table
  kWarm,     // pages touched, sentinels asked
  kCheck,    // guardrails: compared with the live table
  kPublish,  // marked live in the store, then swapped
  kRetire,   // the old table freed, old snapshots pruned
  kDone,
};
absl::string_view LoadPhaseName(LoadPhase phase);  // "verify"

enum class LoadOutcome { kPublished, kUnchanged, kChecked, kFailed };
absl::string_view LoadOutcomeName(LoadOutcome outcome);  // "published"

struct LoadProgress {
  LoadPhase phase = LoadPhase::kWaiting;
  // Bytes in kVerify and kIngest, items in kBuild, parts of the tables in kCheck; 0 of 0 elsewhere.
  int64_t done = 0;
  int64_t total = 0;
};

// How one load, publish or rollback ended.
struct LoadReport {
  LoadOutcome outcome = LoadOutcome::kFailed;
  absl::Status status;  // why it failed; when published, what went wrong in kRetire
  LoadPhase failed_in = LoadPhase::kDone;
  std::string action;  // load, check, publish, rollback, restart
  std::string actor;
  std::string source;  // the directory given; empty when it came from the store
  TableName table;     // empty when the manifest was never read
  std::string snapshot_id;
  std::string replaced;  // the snapshot that was live before; empty if none
  int64_t items = 0;
  int64_t rows = 0;
  std::vector<std::pair<LoadPhase, absl::Duration>> phases;  // those that ran, in order
  std::shared_ptr<const GuardrailReport> guardrails;         // null where they were not asked
  bool forced = false;      // published although guardrails block it
  bool huge_pages = false;  // whether the table has them; see Table::huge_pages
  std::string rebuilt;      // why the kept table was of no use and had to be built of its rows anew

  // Whether it failed since guardrails block it.
  bool blocked() const { return failed_in == LoadPhase::kCheck && guardrails != nullptr; }
};

// What a load or publish may do.
struct LoadTerms {
  std::optional<TableName> expected = {};  // the table it must be for; another one is refused
  bool force = false;  // publish what guardrails block; they are asked all the same
};

// Called from the thread that works; must return soon. Not OK ends the load (it was cancelled). An
// empty one is told nothing.
using LoadProgressFn = std::function<absl::Status(const LoadProgress&)>;

// A snapshot that was pinned.
struct Pinned {
  std::string snapshot_id;
  bool live = false;  // whether requests see it
};

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
  std::vector<RejectedSnapshot> rejected = {};         // Store::Rejected

  // While the snapshot marked live is served: whether this one is newer than all that ever went
  // live; else, than what is served.
  bool Newer(absl::Time created) const;
  // Why somebody has to ask for this snapshot: another one is pinned, or it was rejected. Empty:
  // nothing withholds it.
  absl::string_view Withholds(absl::string_view snapshot_id, uint64_t manifest_checksum) const;
  bool Takes(absl::string_view snapshot_id, uint64_t manifest_checksum, absl::Time created) const {
    return Newer(created) && Withholds(snapshot_id, manifest_checksum).empty();
  }
};

// Does one thing at a time: a second caller waits in kWaiting. A publish or rollback goes first,
// and a check or a load that nobody asked for makes way for it: it ends as Cancelled. The work is
// done on a thread of low priority, the calling thread waits for it. Thread-safe.
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
    // What a load is held to (docs/guardrails.md); nothing: snapshots are not compared.
    std::optional<GuardrailPolicies> guardrails = {};
    // Requests for them to replay; null: none.
    std::shared_ptr<const RecentRequests> recent_requests = nullptr;
    // Where memory has no room for two tables: a load takes the live one away before it builds the
    // next, and puts it back should that fail. Meanwhile the table is missing, the server is not
    // serving, and there is nothing to compare with. Else such a load is refused.
    bool drop_first = false;
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
  // FailedPrecondition when the table is pinned, when the snapshot was created after now
  // (kMaxClockSkewSeconds), and, in kCheck, when guardrails block it.
  LoadReport Load(const std::filesystem::path& dir, const Caller& caller,
                  const LoadProgressFn& progress, const LoadTerms& terms = {});

  // Compares the snapshot at `dir` with the live table as a load would, and that is all: kChecked,
  // whatever the verdict. FailedPrecondition where no guardrails are set.
  LoadReport Check(const std::filesystem::path& dir, const Caller& caller,
                   const LoadProgressFn& progress);

  // As Load, for a snapshot that nobody asked for: kUnchanged as well when, at its turn, its table
  // does not take it (TableState::Takes).
  LoadReport LoadUnasked(const std::filesystem::path& dir, const Caller& caller,
                         const LoadProgressFn& progress);

  // Makes a kept snapshot live. One that never was is held to guardrails as in a load.
  LoadReport Publish(const TableName& table, absl::string_view snapshot_id, const Caller& caller,
                     const LoadProgressFn& progress, const LoadTerms& terms = {});

  // Publishes `snapshot_id`, or if empty the kept snapshot that was live before the present one.
  // That one counts as withdrawn until it is loaded or published again. FailedPrecondition when
  // another one went live while this waited.
  LoadReport Rollback(const TableName& table, absl::string_view snapshot_id, const Caller& caller,
                      const LoadProgressFn& progress);

  // Leaves in the journal that a snapshot did not come by itself, and why.
  absl::Status JournalWithheld(const TableName& table, absl::string_view snapshot_id,
                               const Caller& caller, absl::string_view why);

  // Pins a kept snapshot, or if the id is empty the one that requests see; no other goes live once
  // it has returned. FailedPrecondition when there is none to pin.
  absl::StatusOr<Pinned> Pin(const TableName& table, absl::string_view snapshot_id,
                             const Caller& caller);
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
  absl::StatusOr<Manifest> ReadManifestOf(Run& run, const std::filesystem::path& dir);
  absl::Status LoadDirectory(Run& run, const std::filesystem::path& dir, const LoadTerms& terms,
                             bool asked);
  absl::Status LoadHeld(Run& run, const std::filesystem::path& dir, const Manifest& manifest,
                        const LoadTerms& terms);
  absl::Status PublishKept(Run& run, const LoadTerms& terms);
  absl::Status MakeRoomAndPublish(Run& run, const Manifest& manifest, const LoadTerms& terms);
  absl::Status BuildAndPublish(Run& run, const Manifest& manifest, const LoadTerms& terms);
  // load_checks.cc
  absl::Status CheckDirectory(Run& run, const std::filesystem::path& dir);
  absl::Status CompareWithLive(Run& run, const Table& table, const std::vector<Gate>& gates,
                               const LoadTerms& terms, bool reuses_id = false);
  absl::Status CheckGuardrailsOf(Run& run, const Table& table, const Manifest& manifest,
                                 const LoadTerms& terms);
  absl::Status PutBack(const TableName& table, absl::string_view snapshot_id);
  absl::StatusOr<bool> NeedsGuardrails(const Run& run) const;
  // Gives the table that was live before; null if none was.
  absl::StatusOr<std::shared_ptr<const Table>> Swap(const Run& run,
                                                    std::shared_ptr<const Table> table, bool marks);
  absl::Status MarkLive(const Run& run, const TableName& table, absl::string_view snapshot_id);
  static absl::Status Unchanged(Run& run, int64_t items, int64_t rows);

  absl::Status CheckCreated(const std::filesystem::path& dir, const Manifest& manifest) const;
  // `freed`: memory that there will be besides what is available.
  absl::Status CheckFits(const Manifest& manifest, int64_t freed = 0) const;
  absl::Status CheckFitsAtAll(const Manifest& manifest) const;   // beside the live one, or after it
  absl::Status CheckFitsBeside(const Manifest& manifest) const;  // for a comparison
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
  absl::StatusOr<Pinned> PinNow(const TableName& table, absl::string_view snapshot_id);
  absl::Status JournalPin(absl::string_view action, const TableName& table,
                          absl::string_view snapshot_id, const Caller& caller,
                          const absl::Status& status);

  std::shared_ptr<Store> store_;
  std::shared_ptr<LiveTables> tables_;
  Options options_;
  std::mutex turn_mutex_;
  std::condition_variable turn_;
  bool busy_ = false;               // guarded by turn_mutex_
  std::atomic<int> switching_ = 0;  // publishes and rollbacks that wait; changed under turn_mutex_
  std::mutex swap_mutex_;  // held while one pins, and from the last look at the pin to the swap
  std::mutex tell_mutex_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace oasis

#endif  // OASIS_LOADER_H_
