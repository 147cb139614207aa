// The kernel that runs on any machine: one key after another.
#include <bit>
#include <cstring>

#include "score/lookup_kernel.h"

namespace oasis {
namespace {

class PortableChunk {
 public:
  static void Home(LookupChunk& chunk) { PortableChunk(chunk).AnswerAll(); }
  static void Listed(LookupChunk& chunk) { PortableChunk(chunk).AnswerListed(); }

 private:
  static constexpr size_t kLookAhead = 20;  // lines on their way from memory

  explicit PortableChunk(LookupChunk& chunk)
      : chunk_(chunk),
        chain_(*chunk.chain),
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

    // The first slot is filled first, so an empty second one that looks like gid 0 is passed over
    // where the first has it, and is a miss without cells where not.
    const bool first = line.slots[0].gid() == key.gid;
    const bool second = !first & (line.slots[1].gid() == key.gid);
    const Slot& slot = line.slots[first ? 0 : 1];
    const uint64_t contexts = slot.contexts & (uint64_t{0} - static_cast<uint64_t>(first | second));
    const uint32_t matches = chain_.Match(contexts & Slot::kContextBits);
    uint64_t scores = 0;
    std::memcpy(&scores, slot.scores, sizeof(scores));
    const int cell = std::countr_zero(matches) % int{kInlineCells};
    chunk_.scores[i] = static_cast<int16_t>(scores >> (16 * cell));
    chunk_.statuses[i] = static_cast<uint8_t>(matches != 0);
    static_assert(static_cast<int>(ItemStatus::kNotFound) == 0 &&
                  static_cast<int>(ItemStatus::kFound) == 1);

    const uint32_t slots = static_cast<uint32_t>(first) | static_cast<uint32_t>(second) << 1;
    const auto kind = static_cast<uint32_t>(key.kind);
    const auto flags = static_cast<uint32_t>(contexts >> Slot::kSpilledBit);
    const uint32_t row_is_elsewhere = (flags & 1) | ((flags >> 16 & 1) ^ kind);
    const uint32_t key_is_elsewhere = line.WentOn(key.gid) | kind >> 1;
    const uint32_t more = slots != 0 ? row_is_elsewhere : key_is_elsewhere;
    // The list grows by an element that is written in any case.
    chunk_.unfinished[unfinished] = Unfinished::Encode(static_cast<uint32_t>(i), slots);
    return unfinished + static_cast<size_t>(more != 0);
  }

  LookupChunk& chunk_;
  const ChainLanes& chain_;
  const Line* const lines_;
  const uint64_t line_count_;
  const ItemKey* const keys_;
};

void Finish(const LookupChunk& chunk, float unit, float* scores, int* statuses) {
  for (size_t i = 0; i < chunk.size; ++i) {
    const bool found = chunk.statuses[i] == static_cast<int>(ItemStatus::kFound);
    scores[i] = static_cast<float>(found ? chunk.scores[i] : 0) * unit;
    statuses[i] = chunk.statuses[i];
  }
}

}  // namespace

const LookupKernel kPortableKernel = {"portable", PortableChunk::Home, PortableChunk::Listed,
                                      Finish};

}  // namespace oasis
