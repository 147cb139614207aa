// The loops themselves, in the compiler's vectors of eight. Included by the source of each
// instruction set, each with a Tag of its own: no copy of a function is shared between them.
// Tag::Gather<Floats>(from, places): from[places[0]] to from[places[7]].
#ifndef OASIS_ALLOCATION_BLOCK_KERNEL_LOOPS_H_
#define OASIS_ALLOCATION_BLOCK_KERNEL_LOOPS_H_

#include <cstdint>
#include <cstring>

#include "allocation/block_kernel.h"
#include "allocation/problem_layout.h"

namespace oasis {

template <typename Tag>
class BlockLoops {
 public:
  static float Reduce(const Block& block, float* reduced) {
    const float tau = block.inverse_tau;
    const float guard = block.guard_price;
    const float reference = block.reference_satisfaction;
    Floats most = Fill(kLeast);
    const bool guarded = guard != 0.0F;
    const uint32_t* const offers = block.offer;
    const float* const prices = block.price;
    const size_t size = block.size;
    const auto step = [&](size_t e, const Floats& price) __attribute__((always_inline)) {
      Floats value = Load(block.value + e) - price;
      if (guarded) value -= guard * (reference - LoadSatisfaction(block.satisfaction + e));
      value *= tau;
      Store(value, reduced + e);
      return Load(block.organic + e) > Fill(0.0F) ? value : Fill(kLeast);
    };
    size_t e = 0;
    for (; e + kLanes <= size; e += kLanes) {
      const Floats value = step(e, Tag::template Gather<Floats>(prices, offers + e));
      most = value > most ? value : most;
    }
    if (e < size) {
      // Past the end the offers are those of another zone.
      alignas(32) float last[kLanes] = {};
      for (size_t lane = 0; e + lane < size; ++lane) last[lane] = prices[offers[e + lane]];
      const Floats value = FirstLanes(size - e) ? step(e, Load(last)) : Fill(kLeast);
      most = value > most ? value : most;
    }
    float result = most[0];
    for (size_t lane = 1; lane < kLanes; ++lane) {
      if (most[lane] > result) result = most[lane];
    }
    return result;
  }

  static double Exponentiate(const Block& block, const float* reduced, float shift, float* weight) {
    double sum = 0.0;
    for (size_t e = 0; e < block.size;) {
      // Short sums of floats: their error stays that of a few additions.
      Floats part = Fill(0.0F);
      const size_t end = block.size - e < kPart ? block.size : e + kPart;
      for (; e < end; e += kLanes) {
        const Floats argument = Load(reduced + e) - shift;
        const Floats organic = Load(block.organic + e);
        Floats result = organic > Fill(0.0F) ? organic * Exp(argument) : Fill(0.0F);
        result = argument > Fill(kSmallestArgument) ? result : Fill(0.0F);
        if (e + kLanes > block.size) result = FirstLanes(block.size - e) ? result : Fill(0.0F);
        Store(result, weight + e);
        part += result;
      }
      sum += Sum(part);
    }
    return sum;
  }

  static GuardSums Accumulate(const Block& block, const float* weight, const Shares& shares,
                              int64_t* load, int64_t* spread) {
    return spread == nullptr ? Accumulate<false>(block, weight, shares, load, nullptr)
                             : Accumulate<true>(block, weight, shares, load, spread);
  }

 private:
  template <bool kWithSpread>
  [[gnu::always_inline]] static GuardSums Accumulate(const Block& block, const float* weight,
                                                     const Shares& shares, int64_t* load,
                                                     int64_t* spread) {
    GuardSums sums;
    const float scale = shares.scale;
    const float inverse_most = shares.inverse_most;
    const double unit = shares.unit;
    const float reference = block.reference_satisfaction;
    const uint32_t* const offers = block.offer;
    const uint16_t* const satisfaction = block.satisfaction;
    const size_t size = block.size;
    alignas(32) int64_t fixed[kLanes];
    alignas(32) int64_t fixed_spread[kLanes];
    for (size_t e = 0; e < size;) {
      Floats loss = Fill(0.0F);
      Floats squares = Fill(0.0F);
      const auto step = [&](const Floats& share) __attribute__((always_inline)) {
        const Floats below = reference - LoadSatisfaction(satisfaction + e);
        loss += share * below;
        ToFixed(share, unit, fixed);
        if (!kWithSpread) return;
        const Floats wide = share - share * share * inverse_most;
        squares += wide * below * below;
        ToFixed(wide, unit, fixed_spread);
      };
      const size_t end = size - e < kPart ? size : e + kPart;
      for (; e + kLanes <= end; e += kLanes) {
        step(Load(weight + e) * scale);
        for (size_t lane = 0; lane < kLanes; ++lane) {
          load[offers[e + lane]] += fixed[lane];
          if (kWithSpread) spread[offers[e + lane]] += fixed_spread[lane];
        }
      }
      if (e < end) {
        step(FirstLanes(size - e) ? Load(weight + e) * scale : Fill(0.0F));
        for (; e < end; ++e) {
          load[offers[e]] += fixed[e % kLanes];
          if (kWithSpread) spread[offers[e]] += fixed_spread[e % kLanes];
        }
      }
      sums.loss += Sum(loss);
      sums.squares += Sum(squares);
    }
    return sums;
  }

  static constexpr size_t kLanes = 8;
  static_assert(kLanes <= kEdgePadding);
  static constexpr size_t kPart = 256;
  static constexpr float kLeast = -3e38F;
  static constexpr float kSmallestArgument = -64.0F;

  typedef float Floats __attribute__((vector_size(32)));
  typedef int32_t Ints __attribute__((vector_size(32)));
  typedef uint16_t Shorts __attribute__((vector_size(16)));
  typedef float HalfFloats __attribute__((vector_size(16)));
  typedef double Doubles __attribute__((vector_size(32)));
  typedef int64_t Longs __attribute__((vector_size(32)));

  [[gnu::always_inline]] static Floats Fill(float value) { return Floats{} + value; }

  [[gnu::always_inline]] static Floats Load(const float* from) {
    Floats floats;
    std::memcpy(&floats, from, sizeof(floats));
    return floats;
  }

  [[gnu::always_inline]] static void Store(const Floats& floats, float* to) {
    std::memcpy(to, &floats, sizeof(floats));
  }

  [[gnu::always_inline]] static Floats LoadSatisfaction(const uint16_t* from) {
    Shorts shorts;
    std::memcpy(&shorts, from, sizeof(shorts));
    return __builtin_convertvector(__builtin_convertvector(shorts, Ints), Floats) *
           (1.0F / 65535.0F);
  }

  // Which of eight lanes are below `count`.
  [[gnu::always_inline]] static Ints FirstLanes(size_t count) {
    return Ints{0, 1, 2, 3, 4, 5, 6, 7} < static_cast<int32_t>(count);
  }

  [[gnu::always_inline]] static double Sum(const Floats& floats) {
    double sum = 0.0;
    for (size_t lane = 0; lane < kLanes; ++lane) sum += static_cast<double>(floats[lane]);
    return sum;
  }

  // To 4e-7 of it for -64 to 80, anything outside: 2^n * p(r) with n = round(x / ln 2) and
  // r = x - n ln 2. The coefficients interpolate exp at the Chebyshev points of +-ln(2)/2.
  [[gnu::always_inline]] static Floats Exp(Floats x) {
    x = x > Fill(kSmallestArgument) ? x : Fill(kSmallestArgument);
    constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: adding it rounds to whole numbers
    const Floats n = (x * 1.44269504F + kRounder) - kRounder;
    const Floats r = (x - n * 0.693359375F) - n * -2.12194440e-4F;
    Floats p = r * 0.0013941108481958508F + 0.00837512593716383F;
    p = p * r + 0.04166635125875473F;
    p = p * r + 0.16666415333747864F;
    p = p * r + 0.5F;
    p = p * r + 1.0F;
    p = p * r + 1.0F;
    const Ints exponent = (__builtin_convertvector(n, Ints) + 127) << 23;
    Floats power;
    std::memcpy(&power, &exponent, sizeof(power));
    return p * power;
  }

  // Doubles of 2^52 and more are whole numbers: adding one and a half of that puts the rounded sum
  // into the low bits.
  [[gnu::always_inline]] static void ToFixed(const Floats& floats, double unit, int64_t* fixed) {
    constexpr double kRounder = 6755399441055744.0;  // 1.5 * 2^52
    HalfFloats half[2];
    std::memcpy(half, &floats, sizeof(half));
    for (int h = 0; h < 2; ++h) {
      const Doubles rounded = __builtin_convertvector(half[h], Doubles) * unit + kRounder;
      Longs bits;
      std::memcpy(&bits, &rounded, sizeof(bits));
      bits -= int64_t{0x4338000000000000};
      std::memcpy(fixed + 4 * h, &bits, sizeof(bits));
    }
  }
};

template <typename Tag>
constexpr BlockKernel MakeBlockKernel(const char* name) {
  return {name, &BlockLoops<Tag>::Reduce, &BlockLoops<Tag>::Exponentiate,
          &BlockLoops<Tag>::Accumulate};
}

}  // namespace oasis

#endif  // OASIS_ALLOCATION_BLOCK_KERNEL_LOOPS_H_
