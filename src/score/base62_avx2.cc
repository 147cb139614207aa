// Base62 for x86-64 with AVX2; see lookup_avx2.cc for what this source may call.
#include <immintrin.h>

#include "score/base62.h"

namespace oasis {
namespace {

// By the high half of a character, for both lanes: what is below and above the digits that have it,
// and what is to be taken off to get their value. 0x3 is 0-9, 0x4 and 0x5 A-Z, 0x6 and 0x7 a-z.
__m256i ByHighHalf(char of3, char of4, char of5, char of6, char of7, char else_) {
  return _mm256_broadcastsi128_si256(_mm_setr_epi8(else_, else_, else_, of3, of4, of5, of6, of7,
                                                   else_, else_, else_, else_, else_, else_, else_,
                                                   else_));
}

}  // namespace

// The upper lane has the last 16 digits, the lower lane the six before them, after ten zeros. Twice
// neighbours are joined, to 4-digit numbers; then the halves of a lane are 8-digit numbers.
bool ParseBase62Avx2(const char* digits, Gid* gid) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits));
  const __m128i last =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits + kBase62Digits - sizeof(__m128i)));
  const __m256i chars = _mm256_inserti128_si256(_mm256_castsi128_si256(first), last, 1);

  const __m256i high_half = _mm256_and_si256(_mm256_srli_epi16(chars, 4), _mm256_set1_epi8(0x0F));
  const __m256i least = _mm256_shuffle_epi8(ByHighHalf('0', 'A', 'P', 'a', 'p', '\xFF'), high_half);
  const __m256i most = _mm256_shuffle_epi8(ByHighHalf('9', 'O', 'Z', 'o', 'z', 0), high_half);
  const __m256i good = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_max_epu8(chars, least), chars),
                                        _mm256_cmpeq_epi8(_mm256_min_epu8(chars, most), chars));
  const __m256i offset =
      _mm256_shuffle_epi8(ByHighHalf('0', 'A' - 36, 'A' - 36, 'a' - 10, 'a' - 10, 0), high_half);
  const __m256i values = _mm256_shuffle_epi8(
      _mm256_sub_epi8(chars, offset),
      _mm256_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5,  //
                       0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));

  const __m256i twos = _mm256_maddubs_epi16(values, _mm256_set1_epi16(1 << 8 | 62));
  const __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(1 << 16 | 62 * 62));
  const __m256i eights = _mm256_add_epi64(
      _mm256_mul_epu32(fours, _mm256_set1_epi64x(62 * 62 * 62 * 62)), _mm256_srli_epi64(fours, 32));
  const __m128i upper = _mm256_extracti128_si256(eights, 1);
  const auto high = static_cast<uint64_t>(_mm_extract_epi64(_mm256_castsi256_si128(eights), 1));
  const Uint128 low = kBase62Pow8 * static_cast<uint64_t>(_mm_cvtsi128_si64(upper)) +
                      static_cast<uint64_t>(_mm_extract_epi64(upper, 1));
  const bool fits = JoinBase62(high, low, gid);
  return fits && _mm256_movemask_epi8(good) == -1;
}

}  // namespace oasis
