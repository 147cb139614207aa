#include "allocation/block_kernel.h"
#include "score/instruction_set.h"

namespace oasis {

std::vector<const BlockKernel*> BlockKernels() {
  std::vector<const BlockKernel*> kernels;
#ifdef OASIS_AVX2
  if (HasAvx2()) kernels.push_back(&kAvx2BlockKernel);
#endif
  kernels.push_back(&kPortableBlockKernel);
  return kernels;
}

}  // namespace oasis
