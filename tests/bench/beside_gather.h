// Times lookups in turn with their limit, so that what else the machine does meets both alike.
#ifndef OASIS_TESTS_BENCH_BESIDE_GATHER_H_
#define OASIS_TESTS_BENCH_BESIDE_GATHER_H_

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "bench/bench_keys.h"
#include "oasis/table.h"
#include "score/region.h"

namespace oasis {

// A random gather: a byte each of as many cache lines as a batch has keys, over as many bytes as a
// table of so many items has.
class Gather {
 public:
  explicit Gather(int64_t items) {
    absl::StatusOr<Region> memory = Region::Create(
        static_cast<size_t>(TableBuilder::EstimateBytes(items, items, 1, 0)), /*huge_pages=*/true);
    if (!memory.ok()) Die(memory.status().ToString());
    memory_ = *std::move(memory);
    for (size_t i = 0; i < memory_.bytes(); i += kLineBytes) memory_.data()[i] = 1;
  }

  // The next batch is `keys`, wherever they lead to.
  void Prepare(const std::vector<ItemKey>& keys) {
    const size_t lines = memory_.bytes() / kLineBytes;
    at_.clear();
    for (const ItemKey& key : keys) at_.push_back(static_cast<uint32_t>(key.gid.hi % lines));
  }
  void Run() {
    uint64_t sum = 0;
    for (const uint32_t line : at_) {
      sum += static_cast<unsigned char>(memory_.data()[size_t{line} * kLineBytes]);
    }
    benchmark::DoNotOptimize(sum);
  }

 private:
  static constexpr size_t kLineBytes = 64;
  Region memory_;
  std::vector<uint32_t> at_;
};

// The time of the benchmark is that of `look_up` with a batch of keys just made, as a server has
// just parsed them; the counter gather_ns says what the gather took meanwhile, a key.
inline void BesideGather(benchmark::State& state, int64_t items, uint64_t miss_percent,
                         absl::FunctionRef<void(const std::vector<ItemKey>&)> look_up) {
  using Clock = std::chrono::steady_clock;
  RandomKeys random(items, miss_percent, static_cast<uint64_t>(state.thread_index()));
  Gather gather(items);
  std::chrono::duration<double> of_gather{};
  for (auto _ : state) {
    const std::vector<ItemKey>& keys = random.Next();
    gather.Prepare(keys);
    const Clock::time_point begin = Clock::now();
    gather.Run();
    const Clock::time_point middle = Clock::now();
    look_up(keys);
    const Clock::time_point end = Clock::now();
    of_gather += middle - begin;
    state.SetIterationTime(std::chrono::duration<double>(end - middle).count());
  }
  const double keys = static_cast<double>(state.iterations()) * kBatch;
  state.counters["gather_ns"] =
      benchmark::Counter(of_gather.count() * 1e9 / keys, benchmark::Counter::kAvgThreads);
}

}  // namespace oasis

#endif  // OASIS_TESTS_BENCH_BESIDE_GATHER_H_
