// What requests see: the live table of every score set and variant, the overrides, and the swap.
#ifndef OASIS_LIVE_TABLES_H_
#define OASIS_LIVE_TABLES_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/overrides.h"
#include "oasis/table.h"

namespace oasis {

inline constexpr absl::string_view kDefaultScoreSet = "discovery-mode";
inline constexpr absl::string_view kControlVariant = "control";

class TableRules;  // overrides/table_rules.h

// All live tables, and what holds for them, at one moment. Immutable.
class TableSet {
 public:
  struct Variant {
    std::string name;
    std::shared_ptr<const Table> table;
    std::shared_ptr<const TableRules> rules;  // of this table: campaign dates and overrides
  };
  struct ScoreSet {
    std::string name;
    int ordinal = 0;  // counts up from 0 in order of first publish; stable while the process lives
    std::vector<Variant> variants;
  };

  // Null when there is no such score set.
  const ScoreSet* FindScoreSet(absl::string_view name) const;
  // Null when the score set has no table for that variant.
  static const Variant* FindVariant(const ScoreSet& score_set, absl::string_view variant);

  const std::vector<ScoreSet>& score_sets() const { return score_sets_; }

  struct Name {
    std::string score_set;
    std::string variant;
    bool dropped = false;  // by LiveTables::Drop
  };
  // While a restart restores, any table that is not here may come yet. Afterwards those it could
  // not restore are missing, until one of their name is published; so are those that were dropped.
  bool restoring() const { return restoring_; }
  const std::vector<Name>& missing() const { return missing_; }
  bool replacing() const;  // whether one was dropped, and the next has not come yet

 private:
  friend class LiveTables;
  std::vector<ScoreSet> score_sets_;
  bool restoring_ = false;
  std::vector<Name> missing_;
};

// Owns the live tables and swaps them under readers that never wait.
//
// A reading thread has a Reader: one cache line in which it says which set it is reading. Publish
// puts the new set in place, waits until no reader says the old one, and only then lets go of it:
// the publishing thread frees a retired table, never a request.
//
// Thread-safe. A Reader belongs to one thread at a time and must not outlive its LiveTables.
class LiveTables {
 public:
  class Reader;

  // A grip on the set that was live at Acquire; hold it for one request, not longer, since a swap
  // waits for it. At most one a Reader at a time.
  class Handle {
   public:
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&&) = delete;
    ~Handle();

    const TableSet& operator*() const { return *set_; }
    const TableSet* operator->() const { return set_; }

   private:
    friend class Reader;
    Handle(const TableSet* set, std::atomic<const TableSet*>* slot) : set_(set), slot_(slot) {}

    const TableSet* set_;
    std::atomic<const TableSet*>* slot_;
  };

  class Reader {
   public:
    Reader(Reader&& other) noexcept;
    Reader& operator=(Reader&&) = delete;
    ~Reader();

    // About 5 ns, no shared cache line is written.
    Handle Acquire();

   private:
    friend class LiveTables;
    Reader(LiveTables* tables, int slot) : tables_(tables), slot_(slot) {}

    LiveTables* tables_;
    int slot_;
  };

  // `clock` says when rules are made. Safe to be called from any thread.
  explicit LiveTables(std::function<absl::Time()> clock = absl::Now);
  ~LiveTables();
  LiveTables(const LiveTables&) = delete;
  LiveTables& operator=(const LiveTables&) = delete;

  // ResourceExhausted when kMaxReaders readers exist.
  absl::StatusOr<Reader> NewReader();

  // Makes `table` the live one of its score set and variant (by its info()). Requests that begin
  // after the return see it. Returns the table it replaced (null if none), which no request reads
  // any more. ResourceExhausted when kMaxScoreSets or kMaxVariants would be passed; then nothing
  // changed.
  absl::StatusOr<std::shared_ptr<const Table>> Publish(std::shared_ptr<const Table> table);

  // Takes the table of that score set and variant away, to make room in memory for the next one,
  // and returns it (null if there is none); no request reads it any more. Until a Publish the table
  // is missing.
  std::shared_ptr<const Table> Drop(absl::string_view score_set, absl::string_view variant);

  // The live table of that name, or null. For whoever compares tables, not for requests: a swap
  // does not wait for it, and who lets go of it last frees it.
  std::shared_ptr<const Table> Find(absl::string_view score_set, absl::string_view variant) const;

  // Whether Publish has room for a table of that score set and variant: its ResourceExhausted if
  // not.
  absl::Status CheckRoom(absl::string_view score_set, absl::string_view variant) const;

  // Makes these (valid ones) the overrides of all tables, those to come included. Requests that
  // begin after the return see them.
  void SetOverrides(std::vector<Override> overrides);

  // Makes the rules of all tables anew. That changes no answer; to be called once in kRenewRules,
  // since requests are fastest shortly after (TableRules::kFastFor).
  void RenewRules();
  static constexpr absl::Duration kRenewRules = absl::Minutes(30);

  // What TableSet::restoring and missing say from now on.
  void BeginRestore();
  void EndRestore(const std::vector<TableSet::Name>& missing);

  // Shows the live tables to `see`, for health, status and metrics; not for requests, since swaps
  // wait meanwhile. `see` must keep none of them: who lets go of a retired table last frees it.
  void Visit(absl::FunctionRef<void(const TableSet&)> see) const;

 private:
  struct alignas(64) Slot {
    std::atomic<const TableSet*> reading{nullptr};
    std::atomic<bool> taken{false};
  };

  void MakeRules();  // for all tables, of overrides_; under publish_mutex_

  // Makes `next` the live set and waits until no reader has the one before. Under publish_mutex_.
  void Swap(std::unique_ptr<const TableSet> next);
  void WaitUntilUnread(const TableSet* set) const;

  const std::function<absl::Time()> clock_;
  std::vector<Slot> slots_;
  std::atomic<const TableSet*> live_;
  mutable std::mutex publish_mutex_;       // held by publishers, one swap at a time
  std::unique_ptr<const TableSet> owned_;  // what live_ points to; guarded by publish_mutex_
  std::vector<Override> overrides_;        // likewise
};

}  // namespace oasis

#endif  // OASIS_LIVE_TABLES_H_
