#include "apps/generate/random.h"

#include <bit>

namespace oasis {
namespace {

constexpr uint64_t kGoldenGamma = 0x9E3779B97F4A7C15ULL;

uint64_t MultiplyHigh(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<uint64_t>((static_cast<Wide>(a) * b) >> 64);
}

}  // namespace

uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

uint64_t MixAll(std::initializer_list<uint64_t> values) {
  uint64_t mixed = kGoldenGamma;
  for (const uint64_t value : values) mixed = Mix(mixed + kGoldenGamma + Mix(value + kGoldenGamma));
  return mixed;
}

uint64_t Random::Next() {
  state_ += kGoldenGamma;
  return Mix(state_);
}

uint64_t Random::Below(uint64_t n) { return MultiplyHigh(Next(), n); }

uint64_t Random::Zipf(uint64_t n) {
  // Every octave [2^k, 2^(k+1)) is proposed equally often, so a rank r in it with 2^-k; keeping it
  // with probability 2^k / r leaves 1/r.
  const auto octaves = static_cast<uint64_t>(std::bit_width(n));
  while (true) {
    const uint64_t low = uint64_t{1} << Below(octaves);
    const uint64_t rank = low + Below(low);
    if (rank <= n && Below(rank) < low) return rank;
  }
}

int64_t Random::Normal(int64_t mean, int64_t deviation) {
  // Four numbers uniform in [0, w) have a standard deviation of w / sqrt(3) together.
  const int64_t width = deviation * 1732 / 1000;
  int64_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += static_cast<int64_t>(Below(static_cast<uint64_t>(width)));
  return mean + sum - 2 * width;
}

int Random::Weighted(absl::Span<const int> weights) {
  int sum = 0;
  for (const int weight : weights) sum += weight;
  auto at = static_cast<int>(Below(static_cast<uint64_t>(sum)));
  for (int i = 0; i < static_cast<int>(weights.size()); ++i) {
    at -= weights[static_cast<size_t>(i)];
    if (at < 0) return i;
  }
  return static_cast<int>(weights.size()) - 1;
}

}  // namespace oasis
