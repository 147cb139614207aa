// The inner loop of a lookup: keys against one line each, once for every instruction set.
#ifndef OASIS_SCORE_LOOKUP_KERNEL_H_
#define OASIS_SCORE_LOOKUP_KERNEL_H_

#include <bit>
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

// What a line has for a gid. The first slot is filled first, so an empty second one that looks like
// gid 0 is passed over where the first has it, and is a miss without cells where not.
struct Probe {
  uint32_t slots;     // bit 0 or 1: the slot that has it
  uint64_t contexts;  // of that slot, or 0
  uint64_t scores;    // of that slot, or anything
  uint32_t matches;   // as ChainLanes says, with Ops::kBitsACell bits instead of one
};

// `Ops` has the comparisons.
template <typename Ops>
class KernelOf {
 public:
  static void Home(LookupChunk& chunk) { KernelOf(chunk).AnswerAll(); }
  static void Listed(LookupChunk& chunk) { KernelOf(chunk).AnswerListed(); }

 private:
  static constexpr size_t kLookAhead = 20;  // lines on their way from memory

  explicit KernelOf(LookupChunk& chunk)
      : chunk_(chunk),
        ops_(*chunk.chain),
        lines_(chunk.lines),
        line_count_(chunk.line_count),
        keys_(chunk.keys) {}

  [[gnu::always_inline]] void AnswerAll() {
    const size_t size = chunk_.size;
    const size_t ahead = size < kLookAhead ? size : kLookAhead;
    for (size_t i = 0; i < ahead; ++i) Fetch(i);
    size_t unfinished = 0;
    for (size_t i = 0; i < size - ahead; ++i) {
      Fetch(i + ahead);
      unfinished = Answer(i, unfinished);
    }
    for (size_t i = size - ahead; i < size; ++i) unfinished = Answer(i, unfinished);
    chunk_.unfinished_size = unfinished;
  }

  [[gnu::always_inline]] void AnswerListed() {
    const size_t listed = chunk_.unfinished_size;
    size_t unfinished = 0;
    for (size_t e = 0; e < listed; ++e) {
      unfinished = Answer(Unfinished::Decode(chunk_.unfinished[e]).key, unfinished);
    }
    chunk_.unfinished_size = unfinished;
  }

  [[gnu::always_inline]] void Fetch(size_t i) {
    const Line* line = lines_ + Path(keys_[i].gid, line_count_).home;
    chunk_.at[i] = line;
    __builtin_prefetch(line);
  }

  // All that depends on the key is computed, none of it is branched on: one mispredicted for every
  // third key would cost more than the memory does.
  [[gnu::always_inline]] size_t Answer(size_t i, size_t unfinished) {
    const Line& line = *chunk_.at[i];
    const ItemKey& key = keys_[i];
    const Probe probe = ops_.Compare(line, key.gid);

    const int cell = std::countr_zero(probe.matches) / Ops::kBitsACell % int{kInlineCells};
    chunk_.scores[i] = static_cast<int16_t>(probe.scores >> (16 * cell));
    chunk_.statuses[i] = static_cast<uint8_t>(probe.matches != 0);
    static_assert(static_cast<int>(ItemStatus::kNotFound) == 0 &&
                  static_cast<int>(ItemStatus::kFound) == 1);

    const auto kind = static_cast<uint32_t>(key.kind);
    const auto flags = static_cast<uint32_t>(probe.contexts >> Slot::kSpilledBit);
    const uint32_t row_is_elsewhere = (flags & 1) | ((flags >> 16 & 1) ^ kind);
    const uint32_t key_is_elsewhere = line.WentOn(key.gid) | kind >> 1;
    const uint32_t more = probe.slots != 0 ? row_is_elsewhere : key_is_elsewhere;
    // The list grows by an element that is written in any case.
    chunk_.unfinished[unfinished] = Unfinished::Encode(static_cast<uint32_t>(i), probe.slots);
    return unfinished + static_cast<size_t>(more != 0);
  }

  LookupChunk& chunk_;
  const Ops ops_;
  const Line* const lines_;
  const uint64_t line_count_;
  const ItemKey* const keys_;
};

}  // namespace oasis

#endif  // OASIS_SCORE_LOOKUP_KERNEL_H_
