// The bytes of a table: lines, slots, cells, and the hash that finds them.
#ifndef OASIS_SCORE_TABLE_LAYOUT_H_
#define OASIS_SCORE_TABLE_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "oasis/context.h"
#include "oasis/gid.h"
#include "oasis/table.h"
#include "score/campaign_column.h"
#include "score/chain_lanes.h"
#include "score/region.h"
#include "score/spilled_row.h"

namespace oasis {

inline constexpr size_t kInlineCells = 4;
inline constexpr size_t kSlotsPerLine = 2;
inline constexpr int kBlockShift = 6;
inline constexpr size_t kLinesPerBlock = size_t{1} << kBlockShift;  // a page of 4 KiB of memory
inline constexpr uint64_t kStepsInBlock = 2;                        // see Path
// Slots are filled to this share: 41.6 bytes an item, and about one in four is not in its home
// line.
inline constexpr double kLoadFactor = 0.77;

// An item. A cell's context is kept as id + 1 in the low 15 bits, so that zeroed memory is empty;
// the high bits of the four contexts are flags of the slot or (Line) of its line.
struct Slot {
  uint64_t hi;
  uint64_t lo;
  uint64_t contexts;             // four 16-bit lanes, cell 0 lowest
  int16_t scores[kInlineCells];  // or, when spilled: 32-bit offset, 32-bit number of cells

  static constexpr uint64_t kContextBits = 0x7FFF'7FFF'7FFF'7FFF;
  static constexpr int kSpilledBit = 15;  // of lane 0: the row is in the spill
  static constexpr uint64_t kSpilled = uint64_t{1} << kSpilledBit;
  static constexpr uint64_t kOther = uint64_t{0x8000} << 16;  // of lane 1: of kind kOther

  // Lanes 2 and 3, see Line.
  static constexpr uint64_t kOfLine = uint64_t{0x8000'8000} << 32;

  // Takes over the item of another slot. What is of the line stays.
  void Take(const Slot& other) {
    hi = other.hi;
    lo = other.lo;
    contexts = (contexts & kOfLine) | (other.contexts & ~kOfLine);
    std::memcpy(scores, other.scores, sizeof(scores));
  }
  Gid gid() const { return {hi, lo}; }

  bool used() const { return (contexts & (kContextBits | kSpilled)) != 0; }
  bool spilled() const { return (contexts & kSpilled) != 0; }

  bool Holds(const ItemKey& key) const {
    const uint64_t kind = (contexts & kOther) != 0 ? 1 : 0;
    return ((hi ^ key.gid.hi) | (lo ^ key.gid.lo) | (kind ^ static_cast<uint64_t>(key.kind))) == 0;
  }
};

// Lanes 2 and 3 of both slots say whether keys went on past this line, a bit for each quarter of
// all keys: a missing key goes on in vain for few of the lines that are full. The quarter is that
// of two bits of the gid.
struct alignas(64) Line {
  Slot slots[kSlotsPerLine];

  // 1 or 0.
  [[gnu::always_inline]] uint32_t WentOn(const Gid& gid) const {
    return static_cast<uint32_t>(slots[SlotOf(gid)].contexts >> BitOf(gid)) & 1;
  }
  void SetWentOn(const Gid& gid) { slots[SlotOf(gid)].contexts |= uint64_t{1} << BitOf(gid); }

 private:
  [[gnu::always_inline]] static size_t SlotOf(const Gid& gid) { return gid.lo >> 5 & 1; }
  [[gnu::always_inline]] static uint64_t BitOf(const Gid& gid) { return 47 + (gid.lo & 16); }
};
static_assert(sizeof(Slot) == 32 && sizeof(Line) == 64);

// Where a key may be, of `lines` lines: its home line; then the other one, in the same block; and
// in the rare case that no room could be made in its block, the first line with room of the blocks
// after it: of those at the same place in their block, then of those at the next, until all were
// tried.
struct Path {
  [[gnu::always_inline]] Path(const Gid& gid, uint64_t lines) {
    __extension__ using Wide = unsigned __int128;
    const Wide product =  // folded multiplication
        static_cast<Wide>(gid.hi ^ 0x9E37'79B9'7F4A'7C15) * (gid.lo ^ 0xD1B5'4A32'D192'ED03);
    const uint64_t hash = static_cast<uint64_t>(product >> 64) ^ static_cast<uint64_t>(product);
    home = static_cast<uint64_t>((static_cast<Wide>(hash) * lines) >> 64);
    other = home ^ (hash << 1 & (kLinesPerBlock - 1)) ^ 1;
  }

  uint64_t home;
  uint64_t other;  // never the home line

  // The line after `step` lines that do not have the key.
  uint64_t At(uint64_t step, uint64_t lines) const {
    if (step == 0) return home;
    if (step == 1) return other;
    const uint64_t blocks = lines / kLinesPerBlock;
    return (home + (step - 1) * kLinesPerBlock + (step - 1) / blocks) % lines;
  }
};

// A spilled row: `cells` contexts, then cells * signals scores, from a 4-byte boundary.
struct SpillRef {
  uint32_t offset;  // in units of kSpillUnit
  uint32_t cells;
};
inline constexpr size_t kSpillUnit = 4;

inline size_t SpilledRowBytes(size_t cells, size_t signals) {
  const size_t bytes = cells * (sizeof(ContextId) + signals * sizeof(int16_t));
  return (bytes + kSpillUnit - 1) / kSpillUnit * kSpillUnit;
}

struct Table::Rep {
  TableInfo info;
  std::vector<Signal> signals;
  std::vector<float> units;  // scale / 32767, one a signal
  ContextIndex contexts;
  CampaignList campaigns;

  Region line_memory;
  Region spill;
  CampaignColumn campaign_column;
  uint64_t lines = 0;  // whole blocks
  int64_t items = 0;
  int64_t cells = 0;
  bool on_huge_pages = false;

  // See Table::WriteImage and TableBuilder::FromImage; ReadImage wants the rest as it was.
  absl::Status WriteImage(absl::FunctionRef<absl::Status(absl::Span<const char>)> write) const;
  absl::Status ReadImage(absl::FunctionRef<absl::Status(absl::Span<char>)> read);

  Line* line(uint64_t at) const { return reinterpret_cast<Line*>(line_memory.data()) + at; }

  // The slot of a key and its number, or null. Goes as far as lines say that something went on, and
  // up to `steps` steps.
  const Slot* Find(const ItemKey& key, size_t* number, uint64_t steps) const {
    const Path path(key.gid, lines);
    for (uint64_t step = 0; step < steps; ++step) {
      const uint64_t at = path.At(step, lines);
      const Line& here = *line(at);
      for (size_t i = 0; i < kSlotsPerLine; ++i) {
        if (here.slots[i].Holds(key) && here.slots[i].used()) {
          *number = at * kSlotsPerLine + i;
          return &here.slots[i];
        }
      }
      if (here.WentOn(key.gid) == 0) return nullptr;
    }
    return nullptr;
  }
  const Slot* Find(const ItemKey& key, size_t* number) const {
    return Find(key, number, lines + 1);  // all lines, and the other line of the key twice
  }

  // The cell of the item's row, spilled or not, that answers a request. `lanes` are those of
  // `chain`.
  CellMatch BestCell(const Slot& slot, const FallbackChain& chain, const ChainLanes& lanes) const;

  SpillRef Spilled(const Slot& slot) const {
    SpillRef ref;
    std::memcpy(&ref, slot.scores, sizeof(ref));
    return ref;
  }
  const ContextId* SpilledContexts(const SpillRef& ref) const {
    return reinterpret_cast<const ContextId*>(spill.data() + size_t{ref.offset} * kSpillUnit);
  }
  const int16_t* SpilledScores(const SpillRef& ref) const {
    return reinterpret_cast<const int16_t*>(SpilledContexts(ref) + ref.cells);
  }
};

}  // namespace oasis

#endif  // OASIS_SCORE_TABLE_LAYOUT_H_
