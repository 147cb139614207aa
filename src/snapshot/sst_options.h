// How RocksDB is set up wherever a snapshot's files are written or read.
#ifndef OASIS_SNAPSHOT_SST_OPTIONS_H_
#define OASIS_SNAPSHOT_SST_OPTIONS_H_

#include "rocksdb/options.h"

namespace oasis {

// A block of a run with an XXH3 checksum, not compressed, byte order, no cache and no filter: the
// files are read once, from end to end. Nothing of this machine (host name, time) goes into a file.
rocksdb::Options SstOptions();

// For reading all rows once: every block checksum is looked at, no cache is filled, and the disk is
// asked for 2 MB at a time.
rocksdb::ReadOptions ScanOptions();

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_SST_OPTIONS_H_
