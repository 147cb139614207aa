// The override book: overrides that last, and that the next request sees.
#ifndef OASIS_OVERRIDE_BOOK_H_
#define OASIS_OVERRIDE_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "oasis/live_tables.h"
#include "oasis/loader.h"
#include "oasis/overrides.h"
#include "oasis/store.h"

namespace oasis {

// Keeps the store's overrides and those of the live tables the same. When Put or Delete returns OK
// the change is on the disk and every request that begins afterwards sees it; after an error what
// the store has is what holds. Each call, done or refused, has one entry in the journal, if that
// can be written. What expired kKeptExpiredOverrideDays ago goes from the store with the next
// change, and sooner where there is no room: until then it holds again should the clock go back.
// Thread-safe.
class OverrideBook {
 public:
  struct Options {
    std::function<absl::Time()> clock = [] { return absl::Now(); };
    // Told of all overrides at Open and after each change, one call at a time: metrics.
    std::function<void(const std::vector<Override>&)> observer = [](const auto&) {};
  };

  // Takes what the store has, so that no table is ever served without. DataLoss when a record
  // cannot be read.
  static absl::StatusOr<std::unique_ptr<OverrideBook>> Open(std::shared_ptr<Store> store,
                                                            std::shared_ptr<LiveTables> tables,
                                                            Options options);

  struct Change {
    Override override;         // as it holds now, or the one that is gone
    bool replaced = false;     // Put: there was one of that id
    std::string about = {};    // Put: how much of what is live it is about, in words
    std::string missing = {};  // Put: why it is about nothing, if so: a name spelled wrong?
    absl::Status journaled;
  };

  // Overrides that were put, and may be deleted, in one go: all of them or none.
  struct Batch {
    std::string id;                // theirs are "<id>-00001" and so on
    Override first;                // as it holds now, or held
    int64_t size = 0;              // of different items
    int64_t missing = 0;           // Put: how many are about nothing
    std::string why_missing = {};  // of the first of these
    absl::Status journaled;
  };

  // Makes `override` hold from now on, in place of the one of its id if there is one. An empty id
  // is made up; author and creation time are the caller's and now. InvalidArgument as
  // ValidateOverride, ResourceExhausted beyond kMaxOverrides.
  absl::StatusOr<Change> Put(Override override, const Caller& caller);

  // An override like `decision`, which has no id and names nothing that it is about, for each of
  // the items; a second one of the same item is left out. Errors as Put, but the last
  // kReservedOverrides are not for batches; nothing holds then.
  absl::StatusOr<Batch> PutBatch(Override decision, absl::Span<const std::string> item_uris,
                                 const Caller& caller);

  // NotFound when none of that id holds; InvalidArgument without a reason.
  absl::StatusOr<Change> Delete(absl::string_view id, const Caller& caller);
  absl::StatusOr<Batch> DeleteBatch(absl::string_view id, const Caller& caller);

  // Makes it, or all of a batch, hold until `expires`: as if put again now by the caller, for his
  // reason. NotFound when none holds; else as Put.
  absl::StatusOr<Change> Renew(absl::string_view id, absl::Time expires, const Caller& caller);
  absl::StatusOr<Batch> RenewBatch(absl::string_view id, absl::Time expires, const Caller& caller);

  // What the times of overrides are compared with.
  absl::Time Now() const { return options_.clock(); }

  // Those that have not expired, by id.
  std::vector<Override> List() const;

 private:
  OverrideBook(std::shared_ptr<Store> store, std::shared_ptr<LiveTables> tables, Options options);

  // A change that somebody asks for, as the journal tells of it. Its texts may be of any length and
  // bytes: it is told of when it is refused, too.
  struct Asked {
    absl::string_view action;
    const Caller& caller;
    absl::Time now;
    std::string reason;
    std::string what = {};
    std::string score_set = {};
    bool tried = false;  // to write it: then an error is no refusal, it may be on the disk
  };

  // Under mutex_, as all that follow.
  absl::Status Take();                                       // what the store has
  void Show();                                               // to the tables and the observer
  void Measure(Change& change) const;                        // Change::about and ::missing
  absl::Status Add(const std::vector<Override>& overrides);  // valid ones, by id
  absl::Status Remove(const std::vector<std::string>& ids);  // ascending
  // Errors as Put: they must be valid, and with them there may be `most`, unless they all take the
  // place of others.
  absl::Status MakeRoom(const std::vector<Override>& overrides, size_t most, absl::Time now);
  absl::Status DropExpired(absl::Time end);  // by then
  absl::Status DropLongExpired(absl::Time now);
  absl::StatusOr<Override> Holding(absl::string_view id, absl::Time now) const;
  absl::StatusOr<std::vector<Override>> HoldingOfBatch(absl::string_view id,
                                                       absl::Time now) const;  // at least one
  static absl::Status CheckReason(const Caller& caller);
  const Override* Find(absl::string_view id) const;  // expired or not
  const Override* FindHolding(absl::string_view id, absl::Time now) const;
  std::string MakeId(absl::Time now) const;
  bool IsTaken(absl::string_view id) const;  // by an override or a batch
  // Ends each of the changes.
  template <typename Done>
  absl::StatusOr<Done> Journaled(const Asked& asked, absl::StatusOr<Done> done) {
    const absl::Status journaled = Journal(asked, done.status());
    if (done.ok()) done->journaled = journaled;
    return done;
  }
  absl::Status Journal(const Asked& asked, const absl::Status& status);

  const std::shared_ptr<Store> store_;
  const std::shared_ptr<LiveTables> tables_;
  const Options options_;
  mutable std::mutex mutex_;
  std::vector<Override> overrides_;  // by id; guarded by mutex_
};

}  // namespace oasis

#endif  // OASIS_OVERRIDE_BOOK_H_
