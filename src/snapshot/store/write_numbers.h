// Numbers the writes of the state, so that lost ones are missed. RocksDB takes a log that ends
// early, or has a wrong byte, for one that a power cut ended: it drops what follows and says
// nothing, though all of it had been synced.
#ifndef OASIS_SNAPSHOT_STORE_WRITE_NUMBERS_H_
#define OASIS_SNAPSHOT_STORE_WRITE_NUMBERS_H_

#include <cstdint>
#include <filesystem>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace oasis {

// Every batch carries its number as a key; the last kKeptWriteNumbers stay. The file WRITTEN beside
// the database has the number of a write that was synced: 8 bytes, and the XXH3-64 of them. It is
// not synced itself, and a damaged one counts as none, so it may only be behind.
class WriteNumbers {
 public:
  // Those of an open database. DataLoss when there is a gap, or the last is before WRITTEN's.
  static absl::StatusOr<WriteNumbers> Read(rocksdb::DB& db, const std::filesystem::path& dir);

  void AddNext(rocksdb::WriteBatch& batch) const;
  // The batch that got the next number is on the disk.
  void SetWritten();

 private:
  WriteNumbers(std::filesystem::path mark, int64_t last) : mark_(std::move(mark)), last_(last) {}

  std::filesystem::path mark_;
  int64_t last_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_WRITE_NUMBERS_H_
