// The kernel that runs on any machine.
#include <cstring>

#include "score/lookup_kernel.h"

namespace oasis {
namespace {

class PortableOps {
 public:
  static constexpr int kBitsACell = 1;

  explicit PortableOps(const ChainLanes& chain) : chain_(chain) {}

  Probe Compare(const Line& line, const Gid& gid) const {
    const bool first = line.slots[0].gid() == gid;
    const bool second = !first & (line.slots[1].gid() == gid);
    const Slot& slot = line.slots[first ? 0 : 1];
    Probe probe;
    probe.contexts = slot.contexts & (uint64_t{0} - static_cast<uint64_t>(first | second));
    std::memcpy(&probe.scores, slot.scores, sizeof(probe.scores));
    probe.matches = chain_.Match(probe.contexts & Slot::kContextBits);
    probe.slots = static_cast<uint32_t>(first) | static_cast<uint32_t>(second) << 1;
    return probe;
  }

 private:
  const ChainLanes& chain_;
};

void Finish(const LookupChunk& chunk, float unit, float* scores, int* statuses) {
  for (size_t i = 0; i < chunk.size; ++i) {
    const bool found = chunk.statuses[i] == static_cast<int>(ItemStatus::kFound);
    scores[i] = static_cast<float>(found ? chunk.scores[i] : 0) * unit;
    statuses[i] = chunk.statuses[i];
  }
}

}  // namespace

const LookupKernel kPortableKernel = {"portable", KernelOf<PortableOps>::Home,
                                      KernelOf<PortableOps>::Listed, Finish};

}  // namespace oasis
