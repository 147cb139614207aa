// Time of a table lookup, in batches of 500 random keys, beside its baselines in one process: a
// random gather of as many cache lines over as many bytes (the limit, see beside_gather.h),
// absl::flat_hash_map and, in rocksdb_bench.cc, a RocksDB MultiGet. The time is that of a batch;
// the argument is the number of items.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "bench/beside_gather.h"
#include "oasis/table.h"
#include "overrides/table_rules.h"
#include "score/lookup_kernel.h"

namespace oasis {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1000);

template <typename T>
T ValueOrDie(absl::StatusOr<T> value) {
  if (!value.ok()) Die(value.status().ToString());
  return *std::move(value);
}

std::string NameOf(const char* what, size_t number) {
  return std::string(what) + "-" + std::to_string(number);
}

// So many suppressed items, one of `apart`.
std::vector<Override> SuppressEvery(size_t apart, size_t count) {
  std::vector<Override> overrides(count);
  for (size_t i = 0; i < count; ++i) {
    overrides[i].item_uri = FormatTrackUri(GidOfNumber(i * apart));
    overrides[i].expires = absl::InfiniteFuture();
  }
  return overrides;
}

// Tables are expensive to make: one is kept at a time. Of `campaigns` every seventh is over
// since 1970.
std::shared_ptr<const Table> CachedTable(int64_t items, int contexts, size_t campaigns) {
  static std::mutex mutex;
  static std::shared_ptr<const Table> table;
  const std::lock_guard<std::mutex> lock(mutex);
  if (table != nullptr && table->items() == items && table->cells() == items * contexts &&
      table->campaigns().size() == campaigns) {
    return table;
  }
  table.reset();
  TableBuilder::Options options;
  options.signals = {{"promotion", 1.0F}};
  options.contexts = {
      {"radio", "*", "*"}, {"radio", "*", "new"}, {"radio", "SE", "*"}, {"radio", "SE", "new"}};
  for (size_t c = 0; c < campaigns; ++c) {
    options.campaigns.Own().push_back({NameOf("campaign", c), NameOf("licensor", c % 100)});
  }
  for (size_t c = 0; c < campaigns; c += 7) {
    options.campaigns.Own()[c].ends_at = absl::UnixEpoch();
  }
  options.items = items;
  TableBuilder builder = ValueOrDie(TableBuilder::Create(options));
  for (int64_t i = 0; i < items; ++i) {
    ItemRow row;
    const auto number = static_cast<uint64_t>(i);
    row.key.gid = GidOfNumber(number);
    for (ContextId c = 0; c < contexts; ++c) {
      row.contexts.push_back(c);
      row.campaigns.push_back(campaigns == 0 ? kNoCampaign
                                             : static_cast<CampaignId>(Mix(number) % campaigns));
      row.scores.push_back(static_cast<int16_t>(i + c));
    }
    if (const absl::Status status = builder.Add(row); !status.ok()) Die(status.ToString());
  }
  table = ValueOrDie(builder.Build());
  return table;
}

void LookUp(benchmark::State& state, int contexts, uint64_t miss_percent) {
  const int64_t items = state.range(0);
  const std::shared_ptr<const Table> table = CachedTable(items, contexts, /*campaigns=*/0);
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
void TableHit4By(const LookupKernel& kernel, benchmark::State& state) {
  const LookupKernel& usual = CurrentKernel();
  UseKernel(kernel);
  LookUp(state, 4, 0);
  UseKernel(usual);
}
void TableHalf4(benchmark::State& state) { LookUp(state, 4, 50); }
void TableHit1(benchmark::State& state) { LookUp(state, 1, 0); }

// As a request's handler does it, with rules that matter.
void LookUpWithRules(benchmark::State& state, size_t campaigns,
                     const std::vector<Override>& overrides) {
  const int64_t items = state.range(0);
  const std::shared_ptr<const Table> table = CachedTable(items, 4, campaigns);
  const std::shared_ptr<const TableRules> rules = TableRules::Create(*table, overrides, kNow);
  const FallbackChain chain = table->contexts().Resolve("radio", "SE", "new");
  const int signal = 0;
  std::vector<float> scores(kBatch);
  std::vector<int> statuses(kBatch);
  std::vector<CampaignOfKey> of_rows;
  BesideGather(state, items, /*miss_percent=*/0, [&](const std::vector<ItemKey>& keys) {
    const TableRules::Scope scope = rules->ScopeOf("radio", "SE", kNow);
    if (scope.campaigns) {
      table->Lookup(keys, chain, {signal}, absl::MakeSpan(scores), absl::MakeSpan(statuses),
                    scope.rows, of_rows);
    } else {
      table->Lookup(keys, chain, {signal}, absl::MakeSpan(scores), absl::MakeSpan(statuses));
    }
    rules->Apply(scope, keys, of_rows, {signal}, absl::MakeSpan(scores), absl::MakeSpan(statuses));
    benchmark::DoNotOptimize(scores.data());
  });
}
void TableOverrides(benchmark::State& state) {
  LookUpWithRules(state, 0, SuppressEvery(100, 10'000));
}
void TableCampaigns(benchmark::State& state) { LookUpWithRules(state, 100'000, {}); }
void TableRules4(benchmark::State& state) {
  LookUpWithRules(state, 100'000, SuppressEvery(100, 10'000));
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
    for (const LookupKernel* kernel : LookupKernels()) {
      if (kernel == LookupKernels().front()) continue;  // the usual one
      benchmark::RegisterBenchmark(
          (std::string("Hit4By_") + kernel->name).c_str(),
          [kernel](benchmark::State& state) { TableHit4By(*kernel, state); })
          ->Arg(items)
          ->UseManualTime();
    }
    add("TableHalf4", TableHalf4);
    add("TableOverrides", TableOverrides);
    add("TableHit1", TableHit1);
    if (items < 64'000'000) {
      add("TableCampaigns", TableCampaigns);
      add("TableRules", TableRules4);
    }
    add("FlatHashMap", FlatHashMap);
  }
  return 0;
}();

}  // namespace
}  // namespace oasis

BENCHMARK_MAIN();
