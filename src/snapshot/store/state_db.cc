#include "snapshot/store/state_db.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "rocksdb/env.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/slices.h"
#include "snapshot/store/rocksdb_options.h"

namespace oasis {
namespace {

// RocksDB starts the threads of its pools at their first job. Were that job given by a load, the
// threads would inherit the low priority of its thread for good.
void StartBackgroundThreads() {
  for (const auto pool : {rocksdb::Env::Priority::HIGH, rocksdb::Env::Priority::LOW}) {
    rocksdb::Env::Default()->Schedule([](void*) {}, nullptr, pool);
  }
}

rocksdb::Status OpenDb(const std::string& dir, bool create, std::unique_ptr<rocksdb::DB>& db) {
  rocksdb::Options options = QuietOptions();
  options.create_if_missing = create;
  options.paranoid_checks = true;
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, dir, &opened);
  db.reset(opened);
  return status;
}

rocksdb::Status OpenDbForReading(const std::string& dir, std::unique_ptr<rocksdb::DB>& db) {
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::OpenForReadOnly(QuietOptions(), dir, &opened);
  db.reset(opened);
  return status;
}

absl::Status DamagedState(const std::filesystem::path& dir, absl::string_view how) {
  return absl::DataLossError(absl::StrCat(
      dir.string(), ": the state of the store is damaged: ", how,
      "; put a backup in the place of the directory above it, not over it; or move this directory "
      "away to start from the accepted snapshots beside it, without overrides and history, and "
      "publish one of them"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<StateDb>> StateDb::Open(const std::filesystem::path& dir) {
  std::unique_ptr<rocksdb::DB> db;
  const rocksdb::Status opened = OpenDb(dir.string(), /*create=*/true, db);
  if (opened.IsCorruption()) return DamagedState(dir, opened.ToString());
  if (!opened.ok()) return FromRocksDb(opened, dir.string());
  absl::StatusOr<WriteNumbers> numbers = WriteNumbers::Read(*db, dir);
  if (absl::IsDataLoss(numbers.status())) return DamagedState(dir, numbers.status().message());
  if (!numbers.ok()) return numbers.status();
  StartBackgroundThreads();
  return std::unique_ptr<StateDb>(new StateDb(dir, std::move(db), *std::move(numbers)));
}

// A failed write makes RocksDB refuse all others for good, though the disk may have room again.
absl::Status StateDb::Reopen() const {
  db_.reset();
  const rocksdb::Status opened = OpenDb(dir_.string(), /*create=*/false, db_);
  absl::Status usable = FromRocksDb(opened, dir_.string());
  if (usable.ok()) {
    const absl::StatusOr<WriteNumbers> numbers = WriteNumbers::Read(*db_, dir_);
    if (numbers.ok()) numbers_ = *numbers;
    usable = Annotate(numbers.status(), dir_.string());
  }
  broken_ = !usable.ok();
  if (broken_) OpenDbForReading(dir_.string(), db_).PermitUncheckedError();
  return usable;
}

absl::Status StateDb::PrepareToRead() const {
  if (db_ != nullptr && !broken_) return absl::OkStatus();
  const absl::Status opened = Reopen();
  return db_ != nullptr ? absl::OkStatus() : opened;
}

absl::StatusOr<std::optional<std::string>> StateDb::Get(absl::string_view key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_RETURN_IF_ERROR(PrepareToRead());
  std::string value;
  const rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), ToSlice(key), &value);
  if (got.IsNotFound()) return std::optional<std::string>();
  if (!got.ok()) return FromRocksDb(got, dir_.string());
  return std::optional<std::string>(std::move(value));
}

absl::Status StateDb::Write(rocksdb::WriteBatch batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (db_ == nullptr || broken_) OASIS_RETURN_IF_ERROR(Reopen());
  rocksdb::WriteOptions options;
  options.sync = true;
  numbers_.AddNext(batch);
  const rocksdb::Status written = db_->Write(options, &batch);
  broken_ = !written.ok();
  if (written.ok()) numbers_.SetWritten();
  return FromRocksDb(written, dir_.string());
}

absl::StatusOr<std::vector<StateDb::KeyValue>> StateDb::ScanFirst(absl::string_view prefix,
                                                                  int limit) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_RETURN_IF_ERROR(PrepareToRead());
  std::vector<KeyValue> found;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(ToSlice(prefix)); it->Valid() && limit > 0; it->Next(), --limit) {
    if (!absl::StartsWith(ToView(it->key()), prefix)) break;
    found.emplace_back(it->key().ToString(), it->value().ToString());
  }
  if (!it->status().ok()) return FromRocksDb(it->status(), dir_.string());
  return found;
}

absl::StatusOr<std::vector<StateDb::KeyValue>> StateDb::ScanLast(absl::string_view prefix,
                                                                 int limit) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  OASIS_RETURN_IF_ERROR(PrepareToRead());
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
