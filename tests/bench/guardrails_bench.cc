// Time of the guardrails' comparison of two tables, on one thread: what a load waits for between
// warm and publish. The arguments are the number of items and of signals, 4 contexts an item; one
// item in twenty is another in each table, and scores differ a little.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "bench/bench_keys.h"
#include "oasis/guardrails.h"
#include "oasis/table.h"

namespace oasis {
namespace {

constexpr uint64_t kUniqueEvery = 20;

std::shared_ptr<const Table> MakeTable(int64_t items, int64_t signals, uint64_t side) {
  TableBuilder::Options options;
  for (int64_t s = 0; s < signals; ++s) {
    options.signals.push_back({s == 0 ? "promotion" : "signal" + std::to_string(s),
                               1.5F + 0.1F * static_cast<float>(side)});
  }
  options.contexts = {
      {"radio", "*", "*"}, {"autoplay", "*", "*"}, {"mix", "SE", "*"}, {"radio", "SE", "new"}};
  for (int c = 0; c < 1000; ++c) {
    options.campaigns.Own().push_back({"c" + std::to_string(c), "l" + std::to_string(c % 20)});
  }
  options.items = items;
  absl::StatusOr<TableBuilder> builder = TableBuilder::Create(options);
  if (!builder.ok()) Die(builder.status().ToString());
  ItemRow row;
  for (uint64_t i = 0; i < static_cast<uint64_t>(items); ++i) {
    row.Clear();
    row.key.gid = GidOfNumber(i % kUniqueEvery == 0 ? i * 2 + side + (uint64_t{1} << 40) : i);
    for (ContextId c = 0; c < 4; ++c) {
      row.contexts.push_back(c);
      row.campaigns.push_back(static_cast<CampaignId>(Mix(i) % 1000));
      for (int64_t s = 0; s < signals; ++s) {
        const uint64_t random = Mix(4 * i + c);
        row.scores.push_back(static_cast<int16_t>(random % 20'000 + random % 5'000 + side * 100));
      }
    }
    if (const absl::Status status = builder->Add(row); !status.ok()) Die(status.ToString());
  }
  absl::StatusOr<std::shared_ptr<const Table>> table = builder->Build();
  if (!table.ok()) Die(table.status().ToString());
  return *std::move(table);
}

void CompareTwo(benchmark::State& state) {
  const auto live = MakeTable(state.range(0), state.range(1), 0);
  const auto candidate = MakeTable(state.range(0), state.range(1), 1);
  const GuardrailRun run = {.now = absl::Now(), .threads = 1};
  for (auto _ : state) {
    absl::StatusOr<GuardrailReport> report =
        CheckGuardrails(*candidate, live.get(), GuardrailPolicy(), run);
    if (!report.ok()) Die(report.status().ToString());
    benchmark::DoNotOptimize(report->verdict);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(CompareTwo)
    ->Args({1'000'000, 1})
    ->Args({10'000'000, 1})
    ->Args({10'000'000, 2})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);

}  // namespace
}  // namespace oasis

BENCHMARK_MAIN();
