// The store: accepted snapshots, which one is live, pins, overrides and the journal, on the
// server's disk.
#ifndef OASIS_STORE_H_
#define OASIS_STORE_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "oasis/overrides.h"
#include "oasis/snapshot.h"
#include "oasis/table.h"

namespace oasis {

// A score set and variant: what has one live table.
struct TableName {
  std::string score_set;
  std::string variant;

  friend auto operator<=>(const TableName&, const TableName&) = default;
};

// A snapshot the store has taken in.
struct StoredSnapshot {
  TableName table;
  std::string snapshot_id;
  absl::Time created;    // by its manifest
  absl::Time accepted;   // when the store took it in
  absl::Time published;  // when it last went live, after all before it; InfinitePast if never
  int64_t items = 0;
  int64_t rows = 0;
  int64_t disk_bytes = 0;
  bool live = false;
  bool withdrawn = false;  // rolled back from, and not live since
};

// A snapshot that is not to come by itself: it was rolled back from, or guardrails blocked it.
struct RejectedSnapshot {
  std::string snapshot_id;
  uint64_t manifest_checksum = 0;  // of EncodeManifest: only these bytes; 0: whatever its bytes
};

// What the journal tells of.
inline constexpr absl::string_view kOverrideRefused = "override-refused";  // any change of one
inline constexpr absl::string_view kJournalActions[] = {
    "load",  "check",    "publish",         "rollback",       "restart",  "pin",
    "unpin", "override", "override-delete", kOverrideRefused, "log-level"};

// One line of the journal: who did what, and how it ended.
struct JournalEntry {
  int64_t sequence = 0;  // given by the store, ascending
  absl::Time time;
  std::string actor;   // "watcher", "startup", or who called the admin API
  std::string action;  // one of kJournalActions
  TableName table;
  std::string snapshot_id;  // empty when it was never known
  std::string outcome;      // "ok", "unchanged" or the status code's name
  std::string detail;       // what was asked, reason given, error message, source directory
};

// Whether it tells of no change, and may come as often as somebody likes: a check, what the watcher
// did not take, or an override that was refused.
bool IsNote(const JournalEntry& entry);

// Which entries of the journal are wanted; what is empty or infinite takes all.
struct JournalFilter {
  int limit = kDefaultJournalEntries;
  std::string actor = {};  // a part of it, whatever the case
  std::string action = {};
  std::string score_set = {};
  std::string variant = {};
  std::string snapshot_id = {};
  std::string outcome = {};  // or "failed": neither ok nor unchanged
  absl::Time since = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();  // before it
  int64_t before_sequence = std::numeric_limits<int64_t>::max();

  bool Takes(const JournalEntry& entry) const;

  friend bool operator==(const JournalFilter&, const JournalFilter&) = default;
};

// On disk (docs/architecture.md): LOCK, state/ (a small RocksDB) and
// snapshots/<score set>/<variant>/<id>/{MANIFEST.json,db/,table} (a RocksDB each, by SST ingest,
// and the table that was built from it). A snapshot directory is complete or absent: it is made
// under another name and renamed. Everything written to the state is durable (synced) when the call
// returns. Thread-safe.
class Store {
 public:
  struct Options {
    std::filesystem::path dir;
    // Told of what was found damaged at Open and how it was mended.
    std::function<void(const absl::Status&)> observer = [](const absl::Status&) {};
  };

  // Makes the directory if need be, takes its lock and removes what an interrupted accept left.
  // FailedPrecondition when another server has the lock; the message says which.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const Options& options);

  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::filesystem::path& dir() const;

  // Takes the verified snapshot at `source` in: links its files (copies where a link is not
  // possible) and ingests them. AlreadyExists when a snapshot of that table and id is already
  // there.
  absl::Status Accept(const std::filesystem::path& source, const Manifest& manifest, absl::Time now,
                      const Progress& progress);

  // Whether this very snapshot, by every byte of its manifest, was accepted before and is still
  // kept. AlreadyExists when another snapshot was accepted under its id.
  absl::StatusOr<bool> Holds(const Manifest& manifest) const;

  // As Accept, for a snapshot the store Holds: the copy at `source` takes the place of the accepted
  // one, which turned out damaged.
  absl::Status Replace(const std::filesystem::path& source, const Manifest& manifest,
                       const Progress& progress);

  // NotFound when no such snapshot was accepted, or it was pruned since; DataLoss when its manifest
  // was damaged since.
  absl::StatusOr<Manifest> GetManifest(const TableName& table, absl::string_view snapshot_id) const;

  // Calls `row` for every item of the accepted copy, from `threads` threads at once (numbered from
  // 0): in no order, but with one thread ascending. Checks what oasis::ReadRows checks. `progress`
  // is called by one of them at a time.
  absl::Status ReadRows(const TableName& table, absl::string_view snapshot_id,
                        const Manifest& manifest, int threads,
                        const std::function<absl::Status(int thread, const ItemRow&)>& row,
                        const Progress& progress) const;

  // Keeps the table of an accepted snapshot beside its rows, so that ReadTable can give it back in
  // a fraction of the time that building it takes. Nothing depends on it: ReadTable has an error
  // (NotFound, DataLoss) where there is none, or none that is whole and of this program's version.
  absl::Status SaveTable(const Manifest& manifest, const Table& table,
                         const Progress& progress) const;
  absl::StatusOr<std::shared_ptr<const Table>> ReadTable(const Manifest& manifest,
                                                         const TableBuilder::Options& options,
                                                         const Progress& progress) const;

  // All accepted snapshots, by table, then newest accepted first.
  absl::StatusOr<std::vector<StoredSnapshot>> List() const;

  // All tables that something is known of, be it only which snapshot was live; by name.
  absl::StatusOr<std::vector<TableName>> Tables() const;

  // The id marked live, or nothing.
  absl::StatusOr<std::optional<std::string>> Live(const TableName& table) const;
  // It is rejected no more, by its id or its bytes. `withdraws`: the one that was live becomes
  // withdrawn, and is rejected.
  absl::Status MarkLive(const TableName& table, absl::string_view snapshot_id, absl::Time now,
                        bool withdraws = false);

  // Rejects these bytes, unless their id is rejected whatever its bytes. The oldest of more than
  // kMaxRejectedSnapshots are forgotten, those of bytes first. The list lasts when snapshots are
  // pruned.
  absl::Status Reject(const Manifest& manifest);
  absl::StatusOr<std::vector<RejectedSnapshot>> Rejected(const TableName& table) const;

  // Removes accepted snapshots of `table` beyond the newest `keep` (by when they last went live,
  // then by acceptance), never the live or a pinned one. Returns the ids removed.
  absl::StatusOr<std::vector<std::string>> Prune(const TableName& table, int keep);

  // Removes one accepted snapshot, for instance one whose table could not be built.
  // FailedPrecondition when it is live or pinned.
  absl::Status Remove(const TableName& table, absl::string_view snapshot_id);

  // A pinned table takes no snapshot but the pinned one, whatever the watcher finds.
  absl::StatusOr<std::optional<std::string>> Pinned(const TableName& table) const;
  absl::Status Pin(const TableName& table, absl::string_view snapshot_id);
  absl::Status Unpin(const TableName& table);

  // The newest creation time of all snapshots that ever went live in a table, InfinitePast if none
  // did: a watcher only goes forward from it, so that a snapshot rolled back from is not taken
  // again.
  absl::StatusOr<absl::Time> NewestPublished(const TableName& table) const;

  // The overrides kept, by id, those that have expired included. Put replaces those of the same
  // ids; Delete takes ids that are not there for gone. All of a call or nothing.
  absl::StatusOr<std::vector<Override>> Overrides() const;
  absl::Status PutOverrides(absl::Span<const Override> overrides);
  absl::Status DeleteOverrides(const std::vector<std::string>& ids);

  // Appends to the journal. The oldest entries beyond kMaxJournalEntries go, of notes (IsNote)
  // those beyond kMaxJournalNotes, and what is more than kMaxJournalDays older than this one.
  // `sequence` is ignored.
  absl::Status Journal(const JournalEntry& entry);
  absl::StatusOr<std::vector<JournalEntry>> ReadJournal(
      const JournalFilter& filter) const;  // newest first

 private:
  struct Rep;
  explicit Store(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace oasis

#endif  // OASIS_STORE_H_
