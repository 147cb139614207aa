// The inner loops over the edges of one context, once for every instruction set. All of them
// compute the same bits: plain IEEE operations in the same order, nothing fused.
#ifndef OASIS_ALLOCATION_BLOCK_KERNEL_H_
#define OASIS_ALLOCATION_BLOCK_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace oasis {

// The edges of a context, and what they are answered with. Plain data: see lookup_kernel.h.
struct Block {
  const uint32_t* offer = nullptr;  // kEdgePadding more may be read of each column
  const float* value = nullptr;
  const float* organic = nullptr;
  const uint16_t* satisfaction = nullptr;
  size_t size = 0;

  const float* price = nullptr;  // by offer
  float inverse_tau = 1.0F;
  float guard_price = 0.0F;             // of satisfaction below the reference
  float reference_satisfaction = 0.0F;  // 0 to 1
};

// Sums over a block's shares: what its promotion costs in satisfaction.
struct GuardSums {
  double loss = 0.0;     // of share * (reference - satisfaction)
  double squares = 0.0;  // of (share - share^2 / most) * (reference - satisfaction)^2
};

// What makes shares of weights.
struct Shares {
  float scale = 0.0F;
  float inverse_most = 1.0F;
  double unit = 1.0;
};

struct BlockKernel {
  const char* name;

  // reduced[e] = (value - price - guard price * (reference - satisfaction)) / tau. The largest
  // of those with an organic share; -3e38 where there is none.
  // REQUIRES: arrays of floats have room for size + kEdgePadding.
  float (*reduce)(const Block& block, float* reduced);

  // weight[e] = organic * exp(reduced - shift), 0 below exp(-64) and without an organic share.
  // Their sum. REQUIRES: no reduced of an organic share above 0 is above shift + 80.
  double (*exponentiate)(const Block& block, const float* reduced, float shift, float* weight);

  // With share = weight * scale: load[offer] += round(share * unit), and if there is a `spread`,
  // spread[offer] += round((share - share^2 / most) * unit), where no share is above `most`.
  // REQUIRES: share * unit < 2^51.
  GuardSums (*accumulate)(const Block& block, const float* weight, const Shares& shares,
                          int64_t* load, int64_t* spread);
};

extern const BlockKernel kPortableBlockKernel;
#ifdef OASIS_AVX2
extern const BlockKernel kAvx2BlockKernel;
#endif

// Those that this machine can run, the fastest first.
std::vector<const BlockKernel*> BlockKernels();

}  // namespace oasis

#endif  // OASIS_ALLOCATION_BLOCK_KERNEL_H_
