// The journal of the store: the last kMaxJournalEntries things that were done to it, of
// kMaxJournalDays. Of notes, which tell of no change, the last kMaxJournalNotes: however many they
// are, they drop no other entry.
#ifndef OASIS_SNAPSHOT_STORE_JOURNAL_H_
#define OASIS_SNAPSHOT_STORE_JOURNAL_H_

#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/store.h"
#include "snapshot/store/state_db.h"

namespace oasis {

// Thread-safe.
class JournalLog {
 public:
  // Goes on after the last entry there is. `state` must outlive the journal.
  static absl::StatusOr<JournalLog> Open(StateDb& state);

  // Not while another thread uses it.
  JournalLog(JournalLog&& other) noexcept
      : state_(other.state_),
        last_(other.last_),
        notes_(std::move(other.notes_)),
        others_(std::move(other.others_)) {}

  absl::Status Append(const JournalEntry& entry);

  // Newest first. An entry that cannot be read says so in its outcome and detail, and passes every
  // filter.
  absl::StatusOr<std::vector<JournalEntry>> Read(const JournalFilter& filter) const;

 private:
  using Sequences = std::deque<int64_t>;  // ascending; some may be of entries that are gone

  explicit JournalLog(StateDb& state) : state_(state) {}

  StateDb& state_;
  std::mutex mutex_;  // guards what follows
  int64_t last_ = 0;  // sequence of the last entry
  Sequences notes_;   // the last of them, kMaxJournalNotes at most but for what Open found
  Sequences others_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_JOURNAL_H_
