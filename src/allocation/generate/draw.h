// Random numbers for invented problems: the same for the same seed and C library.
#ifndef OASIS_ALLOCATION_GENERATE_DRAW_H_
#define OASIS_ALLOCATION_GENERATE_DRAW_H_

#include <cmath>
#include <cstdint>
#include <numbers>

namespace oasis {

// SplitMix64 and what is made of its numbers.
class Draw {
 public:
  explicit Draw(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    uint64_t value = state_;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
  }

  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }

  // In [0, n). REQUIRES: n > 0.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(((Next() >> 32) * n) >> 32); }

  // Normal, mean 0 and deviation 1 (Box and Muller).
  double Normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2.0 * std::log1p(-Uniform()));
    const double angle = 2.0 * std::numbers::pi * Uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

  double LogNormal(double mu, double sigma) { return std::exp(mu + sigma * Normal()); }

  // From 0; k with a probability about proportional to (k + 1)^-1, below n.
  uint32_t Zipf(uint32_t n) {
    const double rank = std::exp(Uniform() * std::log(static_cast<double>(n) + 1.0));
    const auto k = static_cast<uint32_t>(rank) - 1;
    return k < n ? k : n - 1;
  }

 private:
  uint64_t state_;
  double spare_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_GENERATE_DRAW_H_
