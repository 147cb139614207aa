// The journal of the store: the last kMaxJournalEntries things that were done to it, of
// kMaxJournalDays.
#ifndef OASIS_SNAPSHOT_STORE_JOURNAL_H_
#define OASIS_SNAPSHOT_STORE_JOURNAL_H_

#include <cstdint>
#include <mutex>
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
  JournalLog(JournalLog&& other) noexcept : state_(other.state_), last_(other.last_) {}

  absl::Status Append(const JournalEntry& entry);

  // Newest first. An entry that cannot be read says so in its outcome and detail, and passes every
  // filter.
  absl::StatusOr<std::vector<JournalEntry>> Read(const JournalFilter& filter) const;

 private:
  JournalLog(StateDb& state, int64_t last) : state_(state), last_(last) {}

  StateDb& state_;
  std::mutex mutex_;
  int64_t last_;  // sequence of the last entry
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_JOURNAL_H_
