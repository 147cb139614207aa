#include "snapshot/store/journal.h"

#include <string>
#include <utility>

#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/store/store_records.h"

namespace oasis {

absl::StatusOr<JournalLog> JournalLog::Open(StateDb& state) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> last,
                         state.ScanLast(kJournalPrefix, 1));
  int64_t sequence = 0;
  if (!last.empty() && !ParseJournalKey(last[0].first, &sequence)) {
    return absl::DataLossError("state of the store: unreadable journal key " + last[0].first);
  }
  return JournalLog(state, sequence);
}

absl::Status JournalLog::Append(const JournalEntry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const int64_t sequence = last_ + 1;
  rocksdb::WriteBatch batch;
  batch.Put(JournalKey(sequence), EncodeJournalEntry(entry));
  if (sequence > kMaxJournalEntries) batch.Delete(JournalKey(sequence - kMaxJournalEntries));
  OASIS_RETURN_IF_ERROR(state_.Write(std::move(batch)));
  last_ = sequence;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<JournalEntry>> JournalLog::Read(int limit) const {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> found,
                         state_.ScanLast(kJournalPrefix, limit));
  std::vector<JournalEntry> entries;
  for (const auto& [key, value] : found) {
    absl::StatusOr<JournalEntry> entry = DecodeJournalEntry(value);
    JournalEntry& read = entries.emplace_back();
    if (entry.ok()) {
      read = *std::move(entry);
    } else {
      read.outcome = absl::StatusCodeToString(entry.status().code());
      read.detail = std::string(entry.status().message());
    }
    if (!ParseJournalKey(key, &read.sequence)) read.sequence = 0;
  }
  return entries;
}

}  // namespace oasis
