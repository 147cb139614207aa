// The kernel for x86-64 with AVX2 and BMI. Only this source is compiled for them, so it calls
// nothing that another source could get its copy of: all is inlined or its own.
#include <immintrin.h>

#include "score/lookup_kernel.h"

namespace oasis {
namespace {

class Avx2Ops {
 public:
  static constexpr int kBitsACell = 2;

  explicit Avx2Ops(const ChainLanes& chain)
      : chain_(_mm256_load_si256(reinterpret_cast<const __m256i*>(chain.lanes()))) {}

  [[gnu::always_inline]] Probe Compare(const Line& line, const Gid& gid) const {
    const auto* parts = reinterpret_cast<const __m128i*>(&line);  // gid, cells, gid, cells
    const __m128i key = _mm_loadu_si128(reinterpret_cast<const __m128i*>(&gid));
    const __m128i first = Same(parts[0], key);
    const __m128i second = _mm_andnot_si128(first, Same(parts[2], key));
    const __m128i cells =
        _mm_or_si128(_mm_and_si128(first, parts[1]), _mm_and_si128(second, parts[3]));
    const __m256i contexts =
        _mm256_and_si256(_mm256_broadcastq_epi64(cells), _mm256_set1_epi16(0x7FFF));
    Probe probe;
    probe.slots =
        static_cast<uint32_t>(_mm_movemask_pd(_mm_castsi128_pd(_mm_unpacklo_epi64(first, second))));
    probe.contexts = static_cast<uint64_t>(_mm_cvtsi128_si64(cells));
    probe.scores = static_cast<uint64_t>(_mm_extract_epi64(cells, 1));
    probe.matches =
        static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi16(contexts, chain_)));
    return probe;
  }

 private:
  // All bits where both halves are the same, else none.
  [[gnu::always_inline]] static __m128i Same(const __m128i& gid, __m128i key) {
    const __m128i halves = _mm_cmpeq_epi64(gid, key);
    return _mm_and_si128(halves, _mm_shuffle_epi32(halves, 0x4E));
  }

  __m256i chain_;
};

constexpr size_t kFloats = 8;  // of a register

// Eight keys at a time; the chunk has room for as many where it says something of less.
void Finish(const LookupChunk& chunk, float unit, float* scores, int* statuses) {
  const __m256 units = _mm256_set1_ps(unit);
  const __m256i found = _mm256_set1_epi32(static_cast<int>(ItemStatus::kFound));
  alignas(32) float last_scores[kFloats];
  alignas(32) int last_statuses[kFloats];
  for (size_t i = 0; i < chunk.size; i += kFloats) {
    const __m256i status =
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(&chunk.statuses[i])));
    const __m256 score = _mm256_cvtepi32_ps(
        _mm256_cvtepi16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(&chunk.scores[i]))));
    const __m256 answer = _mm256_and_ps(_mm256_mul_ps(score, units),
                                        _mm256_castsi256_ps(_mm256_cmpeq_epi32(status, found)));
    if (chunk.size - i >= kFloats) {
      _mm256_storeu_ps(&scores[i], answer);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(&statuses[i]), status);
      continue;
    }
    _mm256_store_ps(last_scores, answer);
    _mm256_store_si256(reinterpret_cast<__m256i*>(last_statuses), status);
    for (size_t j = i; j < chunk.size; ++j) {
      scores[j] = last_scores[j - i];
      statuses[j] = last_statuses[j - i];
    }
  }
}

}  // namespace

const LookupKernel kAvx2Kernel = {"avx2", KernelOf<Avx2Ops>::Home, KernelOf<Avx2Ops>::Listed,
                                  Finish};

}  // namespace oasis
