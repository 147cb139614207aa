// What the store's state holds: its keys, and its values as JSON objects with a version.
#ifndef OASIS_SNAPSHOT_STORE_STORE_RECORDS_H_
#define OASIS_SNAPSHOT_STORE_STORE_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/store.h"

namespace oasis {

// One accepted snapshot.
struct SnapshotRecord {
  absl::Time created;
  absl::Time accepted;
  absl::Time published = absl::InfinitePast();
  int64_t items = 0;
  int64_t rows = 0;
  int64_t disk_bytes = 0;
  uint64_t manifest_checksum = 0;  // XXH3-64 of EncodeManifest
  bool withdrawn = false;          // rolled back from, and not live since
};

// What is known of one table. Empty ids: none.
struct TableRecord {
  std::string live;
  std::string pinned;
  absl::Time newest_published = absl::InfinitePast();
  std::vector<RejectedSnapshot> rejected;  // oldest first, kMaxRejectedSnapshots at most
};

// Names have no slash in them, so the keys of two records never meet.
inline constexpr absl::string_view kSnapshotPrefix = "snapshot/";
inline constexpr absl::string_view kTablePrefix = "table/";
inline constexpr absl::string_view kJournalPrefix = "journal/";
inline constexpr absl::string_view kOverridePrefix = "override/";
std::string SnapshotKey(const TableName& table, absl::string_view snapshot_id);
std::string TableKey(const TableName& table);
std::string JournalKey(int64_t sequence);  // sorts by sequence
std::string OverrideKey(absl::string_view id);

// Back from a key; false when it is not of that form.
[[nodiscard]] bool ParseSnapshotKey(absl::string_view key, TableName* table, std::string* id);
[[nodiscard]] bool ParseTableKey(absl::string_view key, TableName* table);
[[nodiscard]] bool ParseJournalKey(absl::string_view key, int64_t* sequence);

// Bytes that are no UTF-8 (a path may hold any) come back as U+FFFD.
std::string EncodeSnapshotRecord(const SnapshotRecord& record);
std::string EncodeTableRecord(const TableRecord& record);
std::string EncodeOverride(const Override& override);
std::string EncodeJournalEntry(const JournalEntry& entry);  // without its sequence: that is the key

// DataLoss when the bytes are not what the encoder writes; the message says what is wrong.
absl::StatusOr<SnapshotRecord> DecodeSnapshotRecord(absl::string_view bytes);
absl::StatusOr<TableRecord> DecodeTableRecord(absl::string_view bytes);
absl::StatusOr<JournalEntry> DecodeJournalEntry(absl::string_view bytes);
absl::StatusOr<Override> DecodeOverride(absl::string_view bytes);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_STORE_RECORDS_H_
