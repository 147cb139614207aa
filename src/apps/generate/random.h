// Random numbers that are the same on every machine: integers only, no std:: distributions.
#ifndef OASIS_APPS_GENERATE_RANDOM_H_
#define OASIS_APPS_GENERATE_RANDOM_H_

#include <cstdint>
#include <initializer_list>

#include "absl/types/span.h"

namespace oasis {

// A bijection on 64-bit numbers that looks random (the finaliser of SplitMix64).
uint64_t Mix(uint64_t value);

// One number from several: the seed of what belongs to exactly that tuple. Order matters.
uint64_t MixAll(std::initializer_list<uint64_t> values);

// SplitMix64. Cheap to seed, so that everything about track n can come from a generator of its own:
// rows can be streamed, and a revision can change one track and leave the others.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();

  // Uniform in [0, n). REQUIRES: n > 0. The bias is below n/2^64.
  uint64_t Below(uint64_t n);

  // A rank in [1, n] with probability proportional to 1/rank, exactly: Zipf's law. REQUIRES: n > 0.
  uint64_t Zipf(uint64_t n);

  // About normal (a sum of four uniform numbers) with that mean and standard deviation.
  int64_t Normal(int64_t mean, int64_t deviation);

  // A place in `weights`, drawn by weight. REQUIRES: the sum of the weights is above 0.
  int Weighted(absl::Span<const int> weights);

 private:
  uint64_t state_;
};

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_RANDOM_H_
