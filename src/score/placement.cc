#include "score/placement.h"

#include <array>

namespace oasis {

// A search for room in a block, breadth first. A step is a line with one item too many: one of
// those that have it as home must go to its other line. If that is full, an item in it goes home
// instead, which is the next step.
class Placement::RoomSearch {
 public:
  RoomSearch(Placement& table, const Slot& item, bool any_way)
      : table_(table), item_(item), any_way_(any_way) {}

  // Makes room for the item and puts it there, or changes nothing.
  std::optional<size_t> Run() {
    Visit({table_.PathOf(item_).home, 0, kNone, kNone});
    for (size_t step = 0; step < size_; ++step) {
      const uint64_t line = steps_[step].line;
      std::optional<size_t> place = Displace(step, kNone);
      for (size_t i = 0; i < kSlotsPerLine && !place.has_value(); ++i) {
        place = Displace(step, line * kSlotsPerLine + i);
      }
      if (place.has_value()) return place;
    }
    return std::nullopt;
  }

 private:
  static constexpr size_t kNone = ~size_t{0};

  struct Step {
    uint64_t line;
    size_t before;  // the step that it is for
    size_t mover;   // the slot of that line whose item goes to `taken`; kNone: the one too many
    size_t taken;   // the slot whose item is the one too many here; kNone: it is the new item
  };

  const Slot& TooMany(const Step& step) const {
    return step.taken == kNone ? item_ : table_.slot(step.taken);
  }

  // Tries to move the item of `mover`, a slot of the step's line, or else the one too many.
  std::optional<size_t> Displace(size_t step, size_t mover) {
    const Step& here = steps_[step];
    if (mover != kNone && mover == here.taken) return std::nullopt;
    const Slot& item = mover == kNone ? TooMany(here) : table_.slot(mover);
    const Path path = table_.PathOf(item);
    if (path.home != here.line) {  // it makes room by going home
      Visit({path.home, step, kNone, mover});
      return std::nullopt;
    }
    if (const std::optional<size_t> free = table_.FreeSlot(path.other)) {
      return Follow(step, mover, *free);
    }
    for (size_t i = 0; i < kSlotsPerLine; ++i) {
      const size_t taken = path.other * kSlotsPerLine + i;
      const uint64_t home = table_.PathOf(table_.slot(taken)).home;
      if (home != path.other || any_way_) Visit({home, step, mover, taken});
    }
    return std::nullopt;
  }

  // Does what the steps up to this one say, from the last to the first.
  size_t Follow(size_t step, size_t mover, size_t to) {
    for (;;) {
      const Step& here = steps_[step];
      if (mover != kNone) {
        table_.Move(mover, to);
        to = mover;
      }
      if (here.taken == kNone) break;
      table_.Move(here.taken, to);
      to = here.taken;
      mover = here.mover;
      step = here.before;
    }
    table_.Put(item_, to);
    return to;
  }

  // Each line once, and none of another block: what is far away from home stays there.
  void Visit(const Step& step) {
    const uint64_t block = table_.PathOf(item_).home / kLinesPerBlock;
    const uint64_t bit = uint64_t{1} << (step.line % kLinesPerBlock);
    if (step.line / kLinesPerBlock != block || (visited_ & bit) != 0) return;
    visited_ |= bit;
    steps_[size_++] = step;
  }

  Placement& table_;
  const Slot& item_;
  const bool any_way_;
  std::array<Step, kLinesPerBlock> steps_;
  size_t size_ = 0;
  uint64_t visited_ = 0;
};
static_assert(kLinesPerBlock <= 64);

std::optional<size_t> Placement::PutAtHome(const Slot& item) {
  const Path path = PathOf(item);
  Line& home = lines_[path.home];
  for (size_t i = 0; i < kSlotsPerLine && home.WentOn(item.gid()) == 0; ++i) {
    Slot& here = home.slots[i];
    if (!here.used()) {
      here.Take(item);
      return path.home * kSlotsPerLine + i;
    }
    if (here.gid() == item.gid()) break;
  }
  __builtin_prefetch(&lines_[path.other], /*rw=*/1);
  return std::nullopt;
}

std::optional<size_t> Placement::PutInBlock(const Slot& item) {
  if (const std::optional<size_t> free = FreeSlot(PathOf(item).home)) {
    Put(item, *free);
    return free;
  }
  for (const bool any_way : {false, true}) {
    if (std::optional<size_t> place = RoomSearch(*this, item, any_way).Run()) return place;
  }
  return std::nullopt;
}

size_t Placement::PutFarAway(const Slot& item) {
  const Path path = PathOf(item);
  for (uint64_t step = 0;; ++step) {
    const uint64_t line = path.At(step, line_count_);
    if (const std::optional<size_t> free = FreeSlot(line)) {
      slot(*free).Take(item);
      return *free;
    }
    lines_[line].SetWentOn(item.gid());
  }
}

std::optional<size_t> Placement::FreeSlot(uint64_t line) const {
  for (size_t number = line * kSlotsPerLine; number < (line + 1) * kSlotsPerLine; ++number) {
    if (!slot(number).used()) return number;
  }
  return std::nullopt;
}

void Placement::Put(const Slot& item, size_t to) {
  slot(to).Take(item);
  if (const uint64_t home = PathOf(item).home; home != to / kSlotsPerLine) {
    lines_[home].SetWentOn(item.gid());
  }
}

void Placement::Move(size_t from, size_t to) {
  Put(slot(from), to);
  campaigns_.Move(from, to);
}

}  // namespace oasis
