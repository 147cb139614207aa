// A RocksDB MultiGet of the same keys, from one ingested file in the page cache: what a server
// would take that asks its store for every request.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/beside_gather.h"
#include "rocksdb/db.h"
#include "rocksdb/sst_file_writer.h"

namespace oasis {
namespace {

void Check(const rocksdb::Status& status) {
  if (!status.ok()) Die(status.ToString());
}

std::unique_ptr<rocksdb::DB> MakeDb(const std::filesystem::path& dir, int64_t items) {
  std::vector<std::string> keys;
  for (int64_t i = 0; i < items; ++i) {
    keys.push_back(EncodeKey({GidOfNumber(static_cast<uint64_t>(i)), ItemKind::kTrack}));
  }
  std::sort(keys.begin(), keys.end());
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options);
  Check(writer.Open(dir / "rows.sst"));
  for (const std::string& key : keys) Check(writer.Put(key, "0123456789abcdef"));
  Check(writer.Finish());
  rocksdb::DB* db = nullptr;
  Check(rocksdb::DB::Open(options, dir / "db", &db));
  rocksdb::IngestExternalFileOptions ingest;
  ingest.move_files = true;
  Check(db->IngestExternalFile({dir / "rows.sst"}, ingest));
  return std::unique_ptr<rocksdb::DB>(db);
}

void RocksDbMultiGet(benchmark::State& state) {
  const int64_t items = state.range(0);
  const std::filesystem::path dir =
      std::filesystem::temp_directory_path() / ("oasis-bench-" + std::to_string(getpid()));
  std::filesystem::create_directories(dir);
  {
    const std::unique_ptr<rocksdb::DB> db = MakeDb(dir, items);
    std::vector<std::string> encoded(kBatch);
    std::vector<rocksdb::Slice> slices(kBatch);
    std::vector<rocksdb::PinnableSlice> values(kBatch);
    std::vector<rocksdb::Status> statuses(kBatch);
    BesideGather(state, items, /*miss_percent=*/0, [&](const std::vector<ItemKey>& keys) {
      for (size_t i = 0; i < kBatch; ++i) {
        encoded[i] = EncodeKey(keys[i]);
        slices[i] = encoded[i];
        values[i].Reset();
      }
      db->MultiGet({}, db->DefaultColumnFamily(), kBatch, slices.data(), values.data(),
                   statuses.data());
      Check(statuses[0]);
    });
  }
  std::filesystem::remove_all(dir);
}
BENCHMARK(RocksDbMultiGet)->Arg(1'000'000)->Arg(10'000'000)->UseManualTime();

}  // namespace
}  // namespace oasis
