// Compiled for AVX2, alone: see instruction_set.h.
#include <immintrin.h>

#include "allocation/block_kernel_loops.h"

namespace oasis {
namespace {

struct Avx2Blocks {
  template <typename Floats>
  [[gnu::always_inline]] static Floats Gather(const float* from, const uint32_t* places) {
    const __m256i at = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(places));
    return _mm256_i32gather_ps(from, at, sizeof(float));
  }
};

}  // namespace

const BlockKernel kAvx2BlockKernel = MakeBlockKernel<Avx2Blocks>("avx2");

}  // namespace oasis
