#include "machine/descriptors.h"

#include <sys/resource.h>

namespace oasis {

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);  // what fails leaves what there was
}

}  // namespace oasis
