#include "snapshot/store/rocksdb_options.h"

#include <cstdarg>
#include <memory>

#include "rocksdb/env.h"
#include "snapshot/sst_options.h"

namespace oasis {
namespace {

class NullLogger : public rocksdb::Logger {
 public:
  NullLogger() : Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace

rocksdb::Options QuietOptions() {
  rocksdb::Options options = SstOptions();
  options.write_buffer_size = 4 * 1024 * 1024;
  options.max_background_jobs = 2;
  options.max_open_files = -1;
  options.max_file_opening_threads = 1;  // they are few; 15 more would be started at every open
  options.info_log = std::make_shared<NullLogger>();
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

}  // namespace oasis
