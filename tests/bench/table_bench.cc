// Time of a table lookup, in batches of 500 random keys, beside its baselines in one process: a
// random gather of as many cache lines over as many bytes (the limit), absl::flat_hash_map and, in
// rocksdb_bench.cc, a RocksDB MultiGet. The time is that of a batch; the argument is the number of
// items.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "bench/bench_keys.h"
#include "oasis/table.h"
#include "score/region.h"

namespace oasis {
namespace {

constexpr size_t kLineBytes = 64;

template <typename T>
T ValueOrDie(absl::StatusOr<T> value) {
  if (!value.ok()) Die(value.status().ToString());
  return *std::move(value);
}

// Tables are expensive to make: one is kept at a time.
const Table& CachedTable(int64_t items, int contexts) {
  static std::shared_ptr<const Table> table;
  if (table != nullptr && table->items() == items && table->cells() == items * contexts) {
    return *table;
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
  return *table;
}

void LookUp(benchmark::State& state, int contexts, uint64_t miss_percent) {
  const int64_t items = state.range(0);
  const Table& table = CachedTable(items, contexts);
  const FallbackChain chain = table.contexts().Resolve("radio", "SE", "new");
  const std::vector<ItemKey> keys = MakeKeys(items, miss_percent);
  const int signal = 0;
  std::vector<float> scores(kBatch);
  std::vector<int> statuses(kBatch);
  size_t batch = 0;
  for (auto _ : state) {
    table.Lookup({&keys[batch * kBatch], kBatch}, chain, {signal}, absl::MakeSpan(scores),
                 absl::MakeSpan(statuses));
    benchmark::DoNotOptimize(scores.data());
    batch = (batch + 1) % kBatches;
  }
  state.counters["bytes/item"] =
      static_cast<double>(table.resident_bytes()) / static_cast<double>(items);
  state.counters["huge"] = table.huge_pages();
}
void TableHit4(benchmark::State& state) { LookUp(state, 4, 0); }
void TableHalf4(benchmark::State& state) { LookUp(state, 4, 50); }
void TableHit1(benchmark::State& state) { LookUp(state, 1, 0); }

void Gather(benchmark::State& state) {
  const int64_t items = state.range(0);
  const auto lines =
      static_cast<uint64_t>(TableBuilder::EstimateBytes(items, items, 1, 0)) / kLineBytes;
  const Region memory = ValueOrDie(Region::Create(lines * kLineBytes, /*huge_pages=*/true));
  for (size_t i = 0; i < lines; ++i) memory.data()[i * kLineBytes] = 1;
  const std::vector<ItemKey> keys = MakeKeys(items, 50);
  std::vector<uint32_t> at(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) at[i] = static_cast<uint32_t>(keys[i].gid.hi % lines);
  size_t batch = 0;
  uint64_t sum = 0;
  for (auto _ : state) {
    for (size_t i = batch * kBatch; i < (batch + 1) * kBatch; ++i) {
      sum += static_cast<unsigned char>(memory.data()[at[i] * kLineBytes]);
    }
    benchmark::DoNotOptimize(sum);
    batch = (batch + 1) % kBatches;
  }
}

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
  const std::vector<ItemKey> keys = MakeKeys(items, 0);
  size_t batch = 0;
  int64_t sum = 0;
  for (auto _ : state) {
    for (size_t i = batch * kBatch; i < (batch + 1) * kBatch; ++i) {
      sum += map.find(keys[i].gid)->second.scores[3];
    }
    benchmark::DoNotOptimize(sum);
    batch = (batch + 1) % kBatches;
  }
}

void Sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(1'000'000)->Arg(10'000'000)->Arg(64'000'000);
}
BENCHMARK(Gather)->Apply(Sizes);
BENCHMARK(TableHit4)->Apply(Sizes);
BENCHMARK(TableHalf4)->Apply(Sizes);
BENCHMARK(TableHit1)->Apply(Sizes);
BENCHMARK(FlatHashMap)->Apply(Sizes);

}  // namespace
}  // namespace oasis

BENCHMARK_MAIN();
