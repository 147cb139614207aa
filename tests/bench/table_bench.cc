// Time of a table lookup, in batches of 500 random keys, beside its baselines in one process: a
// random gather of as many cache lines over as many bytes (the limit, see beside_gather.h),
// absl::flat_hash_map and, in rocksdb_bench.cc, a RocksDB MultiGet. The time is that of a batch;
// the argument is the number of items.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "bench/beside_gather.h"
#include "oasis/table.h"

namespace oasis {
namespace {

template <typename T>
T ValueOrDie(absl::StatusOr<T> value) {
  if (!value.ok()) Die(value.status().ToString());
  return *std::move(value);
}

// Tables are expensive to make: one is kept at a time.
std::shared_ptr<const Table> CachedTable(int64_t items, int contexts) {
  static std::mutex mutex;
  static std::shared_ptr<const Table> table;
  const std::lock_guard<std::mutex> lock(mutex);
  if (table != nullptr && table->items() == items && table->cells() == items * contexts) {
    return table;
  }
  table.reset();
  TableBuilder::Options options;
  options.signals = {{"promotion", 1.0F}};
  options.contexts = {
      {"radio", "*", "*"}, {"radio", "*", "new"}, {"radio", "SE", "*"}, {"radio", "SE", "new"}};
  options.items = items;
  TableBuilder builder = ValueOrDie(TableBuilder::Create(options));
  for (int64_t i = 0; i < items; ++i) {
    ItemRow row;
    row.key.gid = GidOfNumber(static_cast<uint64_t>(i));
    for (ContextId c = 0; c < contexts; ++c) {
      row.contexts.push_back(c);
      row.campaigns.push_back(kNoCampaign);
      row.scores.push_back(static_cast<int16_t>(i + c));
    }
    if (const absl::Status status = builder.Add(row); !status.ok()) Die(status.ToString());
  }
  table = ValueOrDie(builder.Build());
  return table;
}

void LookUp(benchmark::State& state, int contexts, uint64_t miss_percent) {
  const int64_t items = state.range(0);
  const std::shared_ptr<const Table> table = CachedTable(items, contexts);
  const FallbackChain chain = table->contexts().Resolve("radio", "SE", "new");
  const int signal = 0;
  std::vector<float> scores(kBatch);
  std::vector<int> statuses(kBatch);
  BesideGather(state, items, miss_percent, [&](const std::vector<ItemKey>& keys) {
    table->Lookup(keys, chain, {signal}, absl::MakeSpan(scores), absl::MakeSpan(statuses));
    benchmark::DoNotOptimize(scores.data());
  });
}
void TableHit4(benchmark::State& state) { LookUp(state, 4, 0); }
void TableHalf4(benchmark::State& state) { LookUp(state, 4, 50); }
void TableHit1(benchmark::State& state) { LookUp(state, 1, 0); }

void FlatHashMap(benchmark::State& state) {
  const int64_t items = state.range(0);
  struct Cells {
    ContextId contexts[4];
    int16_t scores[4];
  };
  absl::flat_hash_map<Gid, Cells> map;
  map.reserve(static_cast<size_t>(items));
  for (int64_t i = 0; i < items; ++i) {
    map[GidOfNumber(static_cast<uint64_t>(i))] = {{0, 1, 2, 3}, {1, 2, 3, 4}};
  }
  BesideGather(state, items, /*miss_percent=*/0, [&](const std::vector<ItemKey>& keys) {
    int64_t sum = 0;
    for (const ItemKey& key : keys) sum += map.find(key.gid)->second.scores[3];
    benchmark::DoNotOptimize(sum);
  });
}

// Size by size, and those of one table together, so that it is made once.
const int kRegistered = [] {
  for (const int64_t items : {1'000'000, 10'000'000, 64'000'000}) {
    const auto add = [&](const char* name, void (*run)(benchmark::State&)) {
      return benchmark::RegisterBenchmark(name, run)->Arg(items)->UseManualTime();
    };
    add("TableHit4", TableHit4);
    add("TableHit4", TableHit4)->Threads(2);
    add("TableHalf4", TableHalf4);
    add("TableHit1", TableHit1);
    add("FlatHashMap", FlatHashMap);
  }
  return 0;
}();

}  // namespace
}  // namespace oasis

BENCHMARK_MAIN();
