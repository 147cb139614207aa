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
#include "score/region.h"

namespace oasis {

inline constexpr size_t kInlineCells = 4;
inline constexpr size_t kSlotsPerLine = 2;
// Slots are filled to this share: 41.6 bytes an item, and about one in five is not in its home
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
  static constexpr uint64_t kSpilled = uint64_t{0x8000};      // lane 0: the row is in the spill
  static constexpr uint64_t kOther = uint64_t{0x8000} << 16;  // lane 1: of kind kOther

  bool used() const { return (contexts & (kContextBits | kSpilled)) != 0; }
  bool spilled() const { return (contexts & kSpilled) != 0; }

  bool Holds(const ItemKey& key) const {
    const uint64_t kind = (contexts & kOther) != 0 ? 1 : 0;
    return ((hi ^ key.gid.hi) | (lo ^ key.gid.lo) | (kind ^ static_cast<uint64_t>(key.kind))) == 0;
  }
};

// Lanes 2 and 3 of both slots say whether keys went on past this line, a bit for each quarter of
// all keys: a missing key goes on in vain for few of the lines that are full.
struct alignas(64) Line {
  Slot slots[kSlotsPerLine];

  static uint64_t Quarter(const Gid& gid) { return (gid.hi ^ gid.lo) & 3; }

  bool went_on(const Gid& gid) const {
    const uint64_t quarter = Quarter(gid);
    return (slots[quarter >> 1].contexts >> Bit(quarter) & 1) != 0;
  }
  void SetWentOn(const Gid& gid) {
    const uint64_t quarter = Quarter(gid);
    slots[quarter >> 1].contexts |= uint64_t{1} << Bit(quarter);
  }

 private:
  static uint64_t Bit(uint64_t quarter) { return 47 + 16 * (quarter & 1); }
};
static_assert(sizeof(Slot) == 32 && sizeof(Line) == 64);

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
  std::vector<Campaign> campaigns;

  Region line_memory;
  Region spill;
  CampaignColumn campaign_column;
  uint64_t lines = 0;  // even
  int64_t items = 0;
  int64_t cells = 0;
  bool on_huge_pages = false;

  // See Table::WriteImage and TableBuilder::FromImage; ReadImage wants the rest as it was.
  absl::Status WriteImage(absl::FunctionRef<absl::Status(absl::Span<const char>)> write) const;
  absl::Status ReadImage(absl::FunctionRef<absl::Status(absl::Span<char>)> read);

  Line* line(uint64_t at) const { return reinterpret_cast<Line*>(line_memory.data()) + at; }

  // Folded multiplication, mapped to [0, lines) by its high half.
  uint64_t Home(const Gid& gid) const {
    __extension__ using Wide = unsigned __int128;
    const Wide product =
        static_cast<Wide>(gid.hi ^ 0x9E37'79B9'7F4A'7C15) * (gid.lo ^ 0xD1B5'4A32'D192'ED03);
    const uint64_t hash = static_cast<uint64_t>(product >> 64) ^ static_cast<uint64_t>(product);
    return static_cast<uint64_t>((static_cast<Wide>(hash) * lines) >> 64);
  }

  // The line to try after the `step`-th (0: home): the other line of the pair, then pair by pair.
  uint64_t Next(uint64_t at, uint64_t step) const {
    if (step % 2 == 0) return at ^ 1;
    const uint64_t next = (at ^ 1) + 2;
    return next >= lines ? next - lines : next;
  }

  // The slot of a key and its number, or null. Goes as far as lines say that something went on.
  const Slot* Find(const ItemKey& key, size_t* number) const {
    uint64_t at = Home(key.gid);
    for (uint64_t step = 0; step < lines; ++step) {
      const Line& here = *line(at);
      for (size_t i = 0; i < kSlotsPerLine; ++i) {
        if (here.slots[i].Holds(key) && here.slots[i].used()) {
          *number = at * kSlotsPerLine + i;
          return &here.slots[i];
        }
      }
      if (!here.went_on(key.gid)) return nullptr;
      at = Next(at, step);
    }
    return nullptr;
  }

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
