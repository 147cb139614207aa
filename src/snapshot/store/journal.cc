#include "snapshot/store/journal.h"

#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/store/store_records.h"

namespace oasis {
namespace {

constexpr int kDropAtOnce = 8;                     // of the entries that are too old
constexpr absl::string_view kWatcher = "watcher";  // as an actor

}  // namespace

absl::StatusOr<JournalLog> JournalLog::Open(StateDb& state) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StateDb::KeyValue> all, state.Scan(kJournalPrefix));
  JournalLog log(state);
  for (const auto& [key, value] : all) {
    if (!ParseJournalKey(key, &log.last_)) {
      return absl::DataLossError("state of the store: unreadable journal key " + key);
    }
    const absl::StatusOr<JournalEntry> entry = DecodeJournalEntry(value);
    (entry.ok() && IsNote(*entry) ? log.notes_ : log.others_).push_back(log.last_);
  }
  return log;
}

absl::Status JournalLog::Append(const JournalEntry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const int64_t sequence = last_ + 1;
  rocksdb::WriteBatch batch;
  batch.Put(JournalKey(sequence), EncodeJournalEntry(entry));
  Sequences& alike = IsNote(entry) ? notes_ : others_;
  const size_t most = IsNote(entry) ? kMaxJournalNotes : kMaxJournalEntries - kMaxJournalNotes;
  const size_t dropped = alike.size() < most ? 0 : alike.size() + 1 - most;
  for (size_t i = 0; i < dropped; ++i) batch.Delete(JournalKey(alike[i]));
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
  alike.erase(alike.begin(), alike.begin() + static_cast<std::ptrdiff_t>(dropped));
  alike.push_back(sequence);
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
    int64_t sequence = 0;
    if (!ParseJournalKey(key, &sequence)) sequence = 0;
    if (sequence >= filter.before_sequence) continue;
    absl::StatusOr<JournalEntry> entry = DecodeJournalEntry(value);
    if (entry.ok() && !filter.Takes(*entry)) continue;
    JournalEntry& read = entries.emplace_back();
    if (entry.ok()) {
      read = *std::move(entry);
    } else {
      read.outcome = absl::StatusCodeToString(entry.status().code());
      read.detail = std::string(entry.status().message());
    }
    read.sequence = sequence;
  }
  return entries;
}

bool IsNote(const JournalEntry& entry) {
  return entry.action == "check" || entry.action == kOverrideRefused ||
         (entry.actor == kWatcher && entry.outcome != "ok");
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
