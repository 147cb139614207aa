// The inner loop of a lookup: keys against one line each. It is there once for every instruction
// set.
#ifndef OASIS_SCORE_LOOKUP_KERNEL_H_
#define OASIS_SCORE_LOOKUP_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "oasis/gid.h"
#include "oasis/table.h"
#include "score/chain_lanes.h"
#include "score/table_layout.h"

namespace oasis {

inline constexpr size_t kChunk = 512;  // keys at a time: what is kept of them stays in the L1 cache

// A chunk of keys being looked up in one table. Plain data: kernels are compiled for machines that
// not every other source may be compiled for.
struct LookupChunk {
  const Line* lines = nullptr;
  uint64_t line_count = 0;
  const ChainLanes* chain = nullptr;

  const ItemKey* keys = nullptr;
  size_t size = 0;  // at most kChunk

  const Line* at[kChunk];                // where each key is looked for
  alignas(32) int16_t scores[kChunk];    // of the best cell, if any
  alignas(32) uint8_t statuses[kChunk];  // as ItemStatus
  uint32_t unfinished[kChunk];           // keys that their line does not answer, see Unfinished
  size_t unfinished_size = 0;
};

// A key whose line is not the last word: it is no id, or it may be in another line, or a slot has
// its gid but not its row, or is of another kind.
struct Unfinished {
  uint32_t key;
  uint32_t slots;  // bit 0 or 1: the slot that has its gid

  static uint32_t Encode(uint32_t key, uint32_t slots) { return key << 2 | slots; }
  static Unfinished Decode(uint32_t bits) { return {bits >> 2, bits & 3}; }
};

// `home` answers all keys of a chunk from their home lines; `listed` those that are unfinished,
// from the lines they are at, and lists what is still unfinished. `finish` writes what was found:
// the scores, in units of `unit`, and statuses.
struct LookupKernel {
  const char* name;
  void (*home)(LookupChunk& chunk);
  void (*listed)(LookupChunk& chunk);
  void (*finish)(const LookupChunk& chunk, float unit, float* scores, int* statuses);
};

extern const LookupKernel kPortableKernel;
#ifdef OASIS_AVX2
extern const LookupKernel kAvx2Kernel;
#endif

// Those that this machine can run, the fastest first, which is the current one unless a test or a
// benchmark says otherwise.
std::vector<const LookupKernel*> LookupKernels();
const LookupKernel& CurrentKernel();
void UseKernel(const LookupKernel& kernel);

}  // namespace oasis

#endif  // OASIS_SCORE_LOOKUP_KERNEL_H_
