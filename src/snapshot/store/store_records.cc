#include "snapshot/store/store_records.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "oasis/limits.h"
#include "score/utc.h"
#include "snapshot/checksum.h"
#include "snapshot/json_fields.h"

namespace oasis {
namespace {

constexpr int kRecordVersion = 1;

Json NewRecord() { return {{"version", kRecordVersion}}; }

std::string Dump(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Parses a record and lets `read` take its fields.
template <typename Record, typename Read>
absl::StatusOr<Record> Decode(absl::string_view bytes, const Read& read) {
  const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return absl::DataLossError("it is no JSON object");
  JsonFields fields(json, "record");
  const int64_t version = fields.Integer("version");
  Record record;
  read(fields, record);
  absl::Status complete = fields.Finish();
  if (complete.ok() && version != kRecordVersion) {
    complete = absl::DataLossError(absl::StrCat("it has version ", version));
  }
  if (!complete.ok()) return absl::DataLossError(complete.message());
  return record;
}

std::string Cut(const std::string& text) { return text.substr(0, kMaxJournalTextBytes); }

void SetUnlessPast(const char* name, absl::Time time, Json& record) {
  if (time != absl::InfinitePast()) record[name] = FormatUtc(time);
}

}  // namespace

std::string SnapshotKey(const TableName& table, absl::string_view snapshot_id) {
  return absl::StrCat(kSnapshotPrefix, table.score_set, "/", table.variant, "/", snapshot_id);
}

std::string TableKey(const TableName& table) {
  return absl::StrCat(kTablePrefix, table.score_set, "/", table.variant);
}

std::string JournalKey(int64_t sequence) {
  return absl::StrFormat("%s%019d", kJournalPrefix, sequence);
}

std::string OverrideKey(absl::string_view id) { return absl::StrCat(kOverridePrefix, id); }

bool ParseSnapshotKey(absl::string_view key, TableName* table, std::string* id) {
  if (!absl::ConsumePrefix(&key, kSnapshotPrefix)) return false;
  std::vector<std::string> parts = absl::StrSplit(key, '/');
  if (parts.size() != 3) return false;
  *table = {std::move(parts[0]), std::move(parts[1])};
  *id = std::move(parts[2]);
  return true;
}

bool ParseTableKey(absl::string_view key, TableName* table) {
  if (!absl::ConsumePrefix(&key, kTablePrefix)) return false;
  std::vector<std::string> parts = absl::StrSplit(key, '/');
  if (parts.size() != 2) return false;
  *table = {std::move(parts[0]), std::move(parts[1])};
  return true;
}

bool ParseJournalKey(absl::string_view key, int64_t* sequence) {
  return absl::ConsumePrefix(&key, kJournalPrefix) && absl::SimpleAtoi(key, sequence);
}

std::string EncodeSnapshotRecord(const SnapshotRecord& record) {
  Json json = NewRecord();
  json["created"] = FormatUtc(record.created);
  json["accepted"] = FormatUtc(record.accepted);
  SetUnlessPast("published", record.published, json);
  json["items"] = record.items;
  json["rows"] = record.rows;
  json["disk_bytes"] = record.disk_bytes;
  json["manifest_checksum"] = FormatChecksum(record.manifest_checksum);
  if (record.withdrawn) json["withdrawn"] = true;
  return Dump(json);
}

absl::StatusOr<SnapshotRecord> DecodeSnapshotRecord(absl::string_view bytes) {
  return Decode<SnapshotRecord>(bytes, [](JsonFields& fields, SnapshotRecord& record) {
    record.created = fields.Time("created");
    record.accepted = fields.Time("accepted");
    record.published = fields.TimeOr("published", absl::InfinitePast());
    record.items = fields.Integer("items");
    record.rows = fields.Integer("rows");
    record.disk_bytes = fields.Integer("disk_bytes");
    record.manifest_checksum = fields.Checksum("manifest_checksum");
    record.withdrawn = fields.BoolOr("withdrawn", false);
  });
}

std::string EncodeTableRecord(const TableRecord& record) {
  Json json = NewRecord();
  json["live"] = record.live;
  json["pinned"] = record.pinned;
  SetUnlessPast("newest_published", record.newest_published, json);
  Json& rejected = json["rejected"] = Json::array();
  for (const RejectedSnapshot& snapshot : record.rejected) {
    rejected.push_back({{"id", snapshot.snapshot_id},
                        {"manifest_checksum", FormatChecksum(snapshot.manifest_checksum)}});
  }
  return Dump(json);
}

absl::StatusOr<TableRecord> DecodeTableRecord(absl::string_view bytes) {
  absl::Status readable;
  absl::StatusOr<TableRecord> read =
      Decode<TableRecord>(bytes, [&readable](JsonFields& fields, TableRecord& record) {
        record.live = fields.String("live");
        record.pinned = fields.String("pinned");
        record.newest_published = fields.TimeOr("newest_published", absl::InfinitePast());
        for (const Json& object : fields.ArrayOrEmpty("rejected")) {
          JsonFields snapshot(object, "rejected");
          const std::string id = snapshot.String("id");
          record.rejected.push_back({id, snapshot.Checksum("manifest_checksum")});
          readable.Update(snapshot.Finish());
        }
      });
  if (!read.ok() || readable.ok()) return read;
  return absl::DataLossError(readable.message());
}

std::string EncodeJournalEntry(const JournalEntry& entry) {
  Json json = NewRecord();
  json["time"] = FormatUtc(entry.time);
  json["actor"] = Cut(entry.actor);
  json["action"] = Cut(entry.action);
  json["score_set"] = Cut(entry.table.score_set);
  json["variant"] = Cut(entry.table.variant);
  json["snapshot_id"] = Cut(entry.snapshot_id);
  json["outcome"] = Cut(entry.outcome);
  json["detail"] = Cut(entry.detail);
  return Dump(json);
}

absl::StatusOr<JournalEntry> DecodeJournalEntry(absl::string_view bytes) {
  return Decode<JournalEntry>(bytes, [](JsonFields& fields, JournalEntry& entry) {
    entry.time = fields.Time("time");
    entry.actor = fields.String("actor");
    entry.action = fields.String("action");
    entry.table.score_set = fields.String("score_set");
    entry.table.variant = fields.String("variant");
    entry.snapshot_id = fields.String("snapshot_id");
    entry.outcome = fields.String("outcome");
    entry.detail = fields.String("detail");
  });
}

std::string EncodeOverride(const Override& override) {
  Json json = NewRecord();
  json["id"] = override.id;
  json["action"] = OverrideActionName(override.action);
  json["score"] = ShortDouble(override.score);
  json["signal"] = override.signal;
  json["item_uri"] = override.item_uri;
  json["campaign"] = override.campaign;
  json["licensor"] = override.licensor;
  json["score_set"] = override.score_set;
  json["surface"] = override.surface;
  json["market"] = override.market;
  json["author"] = override.author;
  json["reason"] = override.reason;
  json["created"] = FormatUtc(override.created);
  json["expires"] = FormatUtc(override.expires);
  return Dump(json);
}

absl::StatusOr<Override> DecodeOverride(absl::string_view bytes) {
  std::string action;
  absl::StatusOr<Override> read =
      Decode<Override>(bytes, [&action](JsonFields& fields, Override& override) {
        override.id = fields.String("id");
        action = fields.String("action");
        override.score = fields.Float("score");
        override.signal = fields.String("signal");
        override.item_uri = fields.String("item_uri");
        override.campaign = fields.String("campaign");
        override.licensor = fields.String("licensor");
        override.score_set = fields.String("score_set");
        override.surface = fields.String("surface");
        override.market = fields.String("market");
        override.author = fields.String("author");
        override.reason = fields.String("reason");
        override.created = fields.Time("created");
        override.expires = fields.Time("expires");
      });
  if (!read.ok()) return read;
  const std::optional<OverrideAction> known = ParseOverrideAction(action);
  if (!known.has_value()) {
    return absl::DataLossError(absl::StrCat("its action is '", action, "', which is none"));
  }
  read->action = *known;
  return read;
}

}  // namespace oasis
