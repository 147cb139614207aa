#include <atomic>

#include "score/lookup_kernel.h"

namespace oasis {
namespace {

std::atomic<const LookupKernel*> current = LookupKernels().front();

}  // namespace

std::vector<const LookupKernel*> LookupKernels() {
  std::vector<const LookupKernel*> kernels;
#ifdef OASIS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
      __builtin_cpu_supports("bmi2")) {
    kernels.push_back(&kAvx2Kernel);
  }
#endif
  kernels.push_back(&kPortableKernel);
  return kernels;
}

const LookupKernel& CurrentKernel() { return *current.load(std::memory_order_relaxed); }
void UseKernel(const LookupKernel& kernel) { current = &kernel; }

}  // namespace oasis
