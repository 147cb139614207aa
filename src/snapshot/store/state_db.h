// The store's small RocksDB: keys and values whose writes are on the disk when the call returns.
#ifndef OASIS_SNAPSHOT_STORE_STATE_DB_H_
#define OASIS_SNAPSHOT_STORE_STATE_DB_H_

#include <filesystem>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "snapshot/store/write_numbers.h"

namespace oasis {

// Thread-safe. Errors name the directory.
class StateDb {
 public:
  using KeyValue = std::pair<std::string, std::string>;

  // Makes it if need be. DataLoss when RocksDB finds it damaged, or writes that were synced are not
  // there any more; the message says what to do.
  static absl::StatusOr<std::unique_ptr<StateDb>> Open(const std::filesystem::path& dir);

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const;

  // All or nothing of the batch. After a write failed, for instance to a full disk, the next call
  // opens the database anew: writes work again as soon as the disk does, and reads tell what really
  // reached it.
  absl::Status Write(rocksdb::WriteBatch batch);

  // Everything under a prefix, ascending.
  absl::StatusOr<std::vector<KeyValue>> Scan(absl::string_view prefix) const {
    return ScanFirst(prefix, std::numeric_limits<int>::max());
  }
  // The first `limit` under a prefix, ascending; the last, descending.
  absl::StatusOr<std::vector<KeyValue>> ScanFirst(absl::string_view prefix, int limit) const;
  absl::StatusOr<std::vector<KeyValue>> ScanLast(absl::string_view prefix, int limit) const;

 private:
  StateDb(std::filesystem::path dir, std::unique_ptr<rocksdb::DB> db, WriteNumbers numbers)
      : dir_(std::move(dir)), db_(std::move(db)), numbers_(std::move(numbers)) {}

  absl::Status Reopen() const;  // at worst for reading only, or not at all
  absl::Status PrepareToRead() const;

  const std::filesystem::path dir_;
  mutable std::mutex mutex_;                 // guards what follows
  mutable std::unique_ptr<rocksdb::DB> db_;  // null when it could not be opened anew
  mutable WriteNumbers numbers_;
  mutable bool broken_ = false;  // a write failed since it was opened
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_STATE_DB_H_
