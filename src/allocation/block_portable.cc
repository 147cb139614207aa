#include "allocation/block_kernel_loops.h"

namespace oasis {
namespace {

struct PortableBlocks {
  template <typename Floats>
  [[gnu::always_inline]] static Floats Gather(const float* from, const uint32_t* places) {
    return Floats{from[places[0]], from[places[1]], from[places[2]], from[places[3]],
                  from[places[4]], from[places[5]], from[places[6]], from[places[7]]};
  }
};

}  // namespace

const BlockKernel kPortableBlockKernel = MakeBlockKernel<PortableBlocks>("portable");

}  // namespace oasis
