#include "snapshot/sst_options.h"

#include "oasis/limits.h"
#include "rocksdb/comparator.h"
#include "rocksdb/table.h"

namespace oasis {
namespace {

constexpr size_t kReadAheadBytes = 2 * 1024 * 1024;

}  // namespace

rocksdb::Options SstOptions() {
  rocksdb::BlockBasedTableOptions table;
  table.block_size = kRunBytes;  // a run is a block
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  table.no_block_cache = true;

  rocksdb::Options options;
  options.comparator = rocksdb::BytewiseComparator();
  options.compression = rocksdb::kNoCompression;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.info_log_level = rocksdb::ERROR_LEVEL;
  options.db_host_id.clear();
  return options;
}

rocksdb::ReadOptions ScanOptions() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = kReadAheadBytes;
  return options;
}

}  // namespace oasis
