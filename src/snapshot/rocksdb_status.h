// RocksDB's status as one of ours.
#ifndef OASIS_SNAPSHOT_ROCKSDB_STATUS_H_
#define OASIS_SNAPSHOT_ROCKSDB_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

namespace oasis {

// `place` (a file, a database) and RocksDB's own text, with the code that fits: NotFound, DataLoss
// for corruption, ResourceExhausted for a full disk, InvalidArgument, Unimplemented, Unavailable
// for other I/O errors and busy resources, Internal for the rest. OK stays OK.
absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view place);

// As above, but what is missing is DataLoss too: for reading what the manifest says is there.
absl::Status ReadError(const rocksdb::Status& status, absl::string_view place);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_ROCKSDB_STATUS_H_
