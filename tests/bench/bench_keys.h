// The keys that the benchmarks ask for.
#ifndef OASIS_TESTS_BENCH_BENCH_KEYS_H_
#define OASIS_TESTS_BENCH_BENCH_KEYS_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "oasis/gid.h"

namespace oasis {

[[noreturn]] inline void Die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

// The same pseudo-random gid for the same number, without keeping a list of them.
inline uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}
inline Gid GidOfNumber(uint64_t number) { return {Mix(2 * number), Mix(2 * number + 1)}; }

inline constexpr size_t kBatch = 500;

// Random batches of keys, so many different ones that no line that they touch is in a cache again.
// The items are numbers from 0; others are misses.
class RandomKeys {
 public:
  RandomKeys(int64_t items, uint64_t miss_percent, uint64_t seed)
      : random_(seed),
        items_(static_cast<uint64_t>(items)),
        miss_percent_(miss_percent),
        keys_(kBatch) {}

  const std::vector<ItemKey>& Next() {
    for (ItemKey& key : keys_) {
      const uint64_t number = random_() % items_;
      key.gid = GidOfNumber(random_() % 100 < miss_percent_ ? ~number : number);
    }
    return keys_;
  }

 private:
  std::mt19937_64 random_;
  const uint64_t items_;
  const uint64_t miss_percent_;
  std::vector<ItemKey> keys_;
};

}  // namespace oasis

#endif  // OASIS_TESTS_BENCH_BENCH_KEYS_H_
