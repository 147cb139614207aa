// Four keys and four lines in registers, one of each in every 64-bit lane. Only for the source of
// the AVX2 kernel: all of this is inlined.
#ifndef OASIS_SCORE_LANES_AVX2_H_
#define OASIS_SCORE_LANES_AVX2_H_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "oasis/gid.h"
#include "score/table_layout.h"

namespace oasis {

inline constexpr size_t kLanes = 4;

[[gnu::always_inline]] inline __m256i EachLane(uint64_t value) {
  return _mm256_set1_epi64x(static_cast<int64_t>(value));
}

// Lanes of one or, where `choice` has its highest bit set, of the other.
[[gnu::always_inline]] inline __m256i Choose(__m256i one, __m256i other, __m256i choice) {
  return _mm256_castpd_si256(_mm256_blendv_pd(_mm256_castsi256_pd(one), _mm256_castsi256_pd(other),
                                              _mm256_castsi256_pd(choice)));
}

// The highest bit of each lane.
[[gnu::always_inline]] inline uint32_t HighBits(__m256i lanes) {
  return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes)));
}

struct KeyLanes {
  __m256i hi;
  __m256i lo;
  __m256i kind;  // in the low byte, beside padding

  // Keys that lie one after another.
  [[gnu::always_inline]] explicit KeyLanes(const ItemKey* keys) {
    static_assert(sizeof(ItemKey) == 3 * sizeof(uint64_t));
    const auto* const words = reinterpret_cast<const __m256i*>(keys);
    const __m256i a = _mm256_loadu_si256(words);      // hi lo kind | hi
    const __m256i b = _mm256_loadu_si256(words + 1);  // lo kind | hi lo
    const __m256i c = _mm256_loadu_si256(words + 2);  // kind | hi lo kind
    hi = _mm256_permute4x64_epi64((Blend<0xC3, 0x30>(a, b, c)), 0x6C);
    lo = _mm256_permute4x64_epi64((Blend<0x0C, 0xC3>(a, b, c)), 0xB1);
    kind = _mm256_permute4x64_epi64((Blend<0x30, 0x0C>(a, b, c)), 0xC6);
  }

  // Keys from anywhere.
  [[gnu::always_inline]] KeyLanes(const ItemKey& a, const ItemKey& b, const ItemKey& c,
                                  const ItemKey& d)
      : hi(Lanes(a.gid.hi, b.gid.hi, c.gid.hi, d.gid.hi)),
        lo(Lanes(a.gid.lo, b.gid.lo, c.gid.lo, d.gid.lo)),
        kind(Lanes(static_cast<uint64_t>(a.kind), static_cast<uint64_t>(b.kind),
                   static_cast<uint64_t>(c.kind), static_cast<uint64_t>(d.kind))) {}

 private:
  [[gnu::always_inline]] static __m256i Lanes(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
    return _mm256_setr_epi64x(static_cast<int64_t>(a), static_cast<int64_t>(b),
                              static_cast<int64_t>(c), static_cast<int64_t>(d));
  }
  // Those words of `a` and of `b`, the rest of `c`.
  template <int kOfA, int kOfB>
  [[gnu::always_inline]] static __m256i Blend(__m256i a, __m256i b, __m256i c) {
    return _mm256_blend_epi32(_mm256_blend_epi32(c, b, kOfB), a, kOfA);
  }
};

// The same slot of four lines, turned round: the same word of each.
struct SlotLanes {
  __m256i hi;
  __m256i lo;
  __m256i contexts;
  __m256i scores;

  [[gnu::always_inline]] SlotLanes(const Line* const* lines, size_t slot) {
    const auto load = [&](size_t i) __attribute__((always_inline)) {
      return _mm256_load_si256(reinterpret_cast<const __m256i*>(&lines[i]->slots[slot]));
    };
    // Halves of two slots beside each other, which a load can do; then words of them.
    const __m256i a = load(0);
    const __m256i b = load(1);
    const __m256i c = load(2);
    const __m256i d = load(3);
    const __m256i gids_ac = _mm256_permute2x128_si256(a, c, 0x20);
    const __m256i gids_bd = _mm256_permute2x128_si256(b, d, 0x20);
    const __m256i cells_ac = _mm256_permute2x128_si256(a, c, 0x31);
    const __m256i cells_bd = _mm256_permute2x128_si256(b, d, 0x31);
    hi = _mm256_unpacklo_epi64(gids_ac, gids_bd);
    lo = _mm256_unpackhi_epi64(gids_ac, gids_bd);
    contexts = _mm256_unpacklo_epi64(cells_ac, cells_bd);
    scores = _mm256_unpackhi_epi64(cells_ac, cells_bd);
  }

  // All bits where it has the gid of the key.
  [[gnu::always_inline]] __m256i Has(const KeyLanes& keys) const {
    return _mm256_and_si256(_mm256_cmpeq_epi64(hi, keys.hi), _mm256_cmpeq_epi64(lo, keys.lo));
  }
};

}  // namespace oasis

#endif  // OASIS_SCORE_LANES_AVX2_H_
