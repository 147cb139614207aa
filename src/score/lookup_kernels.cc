#include <atomic>

#include "score/instruction_set.h"
#include "score/lookup_kernel.h"

namespace oasis {
namespace {

std::atomic<const LookupKernel*> current = LookupKernels().front();

}  // namespace

std::vector<const LookupKernel*> LookupKernels() {
  std::vector<const LookupKernel*> kernels;
#ifdef OASIS_AVX2
  if (HasAvx2()) kernels.push_back(&kAvx2Kernel);
#endif
  kernels.push_back(&kPortableKernel);
  return kernels;
}

const LookupKernel& CurrentKernel() { return *current.load(std::memory_order_relaxed); }
void UseKernel(const LookupKernel& kernel) { current = &kernel; }

}  // namespace oasis
