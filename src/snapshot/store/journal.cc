#include "snapshot/store/journal.h"

#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/store/store_records.h"

namespace oasis {
namespace {

constexpr int kDropAtOnce = 8;  // of the entries that are too old

}  // namespace

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
  // A few at a time: they go faster than they come.
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> oldest,
                         state_.ScanFirst(kJournalPrefix, kDropAtOnce));
  for (const auto& [key, value] : oldest) {
    const absl::StatusOr<JournalEntry> old = DecodeJournalEntry(value);
    if (!old.ok() || old->time >= entry.time - absl::Hours(24 * kMaxJournalDays)) break;
    batch.Delete(key);
  }
  OASIS_RETURN_IF_ERROR(state_.Write(std::move(batch)));
  last_ = sequence;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<JournalEntry>> JournalLog::Read(const JournalFilter& filter) const {
  const bool takes_all = filter == JournalFilter{.limit = filter.limit};
  OASIS_ASSIGN_OR_RETURN(
      const std::vector<StateDb::KeyValue> found,
      state_.ScanLast(kJournalPrefix, takes_all ? filter.limit : kMaxJournalEntries));
  std::vector<JournalEntry> entries;
  for (const auto& [key, value] : found) {
    if (std::ssize(entries) >= filter.limit) break;
    absl::StatusOr<JournalEntry> entry = DecodeJournalEntry(value);
    if (entry.ok() && !filter.Takes(*entry)) continue;
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

bool JournalFilter::Takes(const JournalEntry& entry) const {
  const auto is = [](const std::string& wanted, const std::string& there) {
    return wanted.empty() || wanted == there;
  };
  const bool failed = entry.outcome != "ok" && entry.outcome != "unchanged";
  return is(action, entry.action) && is(score_set, entry.table.score_set) &&
         is(variant, entry.table.variant) && is(snapshot_id, entry.snapshot_id) &&
         (is(outcome, entry.outcome) || (outcome == "failed" && failed)) &&
         absl::StrContains(absl::AsciiStrToLower(entry.actor), absl::AsciiStrToLower(actor)) &&
         since <= entry.time && entry.time < until;
}

}  // namespace oasis
