// The RocksDB options that all databases of the store share.
#ifndef OASIS_SNAPSHOT_STORE_ROCKSDB_OPTIONS_H_
#define OASIS_SNAPSHOT_STORE_ROCKSDB_OPTIONS_H_

#include "rocksdb/options.h"

namespace oasis {

// The form of a snapshot's files (SstOptions), little memory, and no LOG files: what goes wrong
// comes back as a status.
rocksdb::Options QuietOptions();

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_STORE_ROCKSDB_OPTIONS_H_
