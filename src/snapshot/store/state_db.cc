#include "snapshot/store/state_db.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/env.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/store/rocksdb_options.h"

namespace oasis {
namespace {

absl::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// RocksDB starts the threads of its pools at their first job. Were that job given by a load, the
// threads would inherit the low priority of its thread for good.
void StartBackgroundThreads() {
  for (const auto pool : {rocksdb::Env::Priority::HIGH, rocksdb::Env::Priority::LOW}) {
    rocksdb::Env::Default()->Schedule([](void*) {}, nullptr, pool);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<StateDb>> StateDb::Open(const std::filesystem::path& dir) {
  rocksdb::Options options = QuietOptions();
  options.create_if_missing = true;
  options.paranoid_checks = true;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, dir.string(), &db);
  if (opened.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(
        dir.string(), ": the state of the store is damaged: ", opened.ToString(),
        "; move this directory away to start from the accepted snapshots beside it, without their "
        "history, and publish one of them"));
  }
  if (!opened.ok()) return FromRocksDb(opened, dir.string());
  StartBackgroundThreads();
  return std::unique_ptr<StateDb>(new StateDb(dir, std::unique_ptr<rocksdb::DB>(db)));
}

absl::StatusOr<std::optional<std::string>> StateDb::Get(absl::string_view key) const {
  std::string value;
  const rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), ToSlice(key), &value);
  if (got.IsNotFound()) return std::optional<std::string>();
  if (!got.ok()) return FromRocksDb(got, dir_.string());
  return std::optional<std::string>(std::move(value));
}

absl::Status StateDb::Write(rocksdb::WriteBatch batch) {
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status written = db_->Write(options, &batch);
  if (written.ok()) return absl::OkStatus();
  // RocksDB refuses all writes after a failed one until told that the cause may be gone.
  db_->Resume().PermitUncheckedError();
  return FromRocksDb(written, dir_.string());
}

absl::StatusOr<std::vector<StateDb::KeyValue>> StateDb::Scan(absl::string_view prefix) const {
  std::vector<KeyValue> found;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(ToSlice(prefix)); it->Valid(); it->Next()) {
    if (!absl::StartsWith(ToView(it->key()), prefix)) break;
    found.emplace_back(it->key().ToString(), it->value().ToString());
  }
  if (!it->status().ok()) return FromRocksDb(it->status(), dir_.string());
  return found;
}

absl::StatusOr<std::vector<StateDb::KeyValue>> StateDb::ScanLast(absl::string_view prefix,
                                                                 int limit) const {
  std::vector<KeyValue> found;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  const std::string end = absl::StrCat(prefix, "\xff");  // our keys are ASCII
  for (it->SeekForPrev(end); it->Valid() && limit > 0; it->Prev(), --limit) {
    if (!absl::StartsWith(ToView(it->key()), prefix)) break;
    found.emplace_back(it->key().ToString(), it->value().ToString());
  }
  if (!it->status().ok()) return FromRocksDb(it->status(), dir_.string());
  return found;
}

}  // namespace oasis
