// Which slot an item gets when a table is built.
#ifndef OASIS_SCORE_PLACEMENT_H_
#define OASIS_SCORE_PLACEMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "score/campaign_column.h"
#include "score/table_layout.h"

namespace oasis {

// Puts items in the lines of a table. An item gets a slot of its home line if it can. Where that is
// full, one of its items has to go to its other line; which one, and who else moves for it, is
// found by a search through the block: first for a way that takes one item only from its home line,
// then for any. This is cuckoo hashing (Pagh and Rodler, 2004) with buckets of two that prefers one
// of its two choices, so that most lookups end there. What `campaigns` has of items that make room
// moves with them. REQUIRES: no item is put twice.
class Placement {
 public:
  Placement(Line* lines, uint64_t line_count, CampaignColumn& campaigns)
      : lines_(lines), line_count_(line_count), campaigns_(campaigns) {}

  // The number of the item's slot, if its home line has room for it. Else nothing is done, but the
  // line that PutInBlock reads next is fetched. The item may have been put before: then it is
  // nothing, too.
  std::optional<size_t> PutAtHome(const Slot& item);

  // The number of the item's slot, or nothing where its block has no room for it. Reads and writes
  // nothing outside of the block, so several threads may, in different ones.
  std::optional<size_t> PutInBlock(const Slot& item);

  // For an item that found no room in its block. REQUIRES: another block has room; no PutInBlock
  // afterwards.
  size_t PutFarAway(const Slot& item);

 private:
  class RoomSearch;

  Slot& slot(size_t number) const {
    return lines_[number / kSlotsPerLine].slots[number % kSlotsPerLine];
  }
  Path PathOf(const Slot& item) const { return Path(item.gid(), line_count_); }
  std::optional<size_t> FreeSlot(uint64_t line) const;
  void Put(const Slot& item, size_t to);
  void Move(size_t from, size_t to);

  Line* lines_;
  uint64_t line_count_;
  CampaignColumn& campaigns_;
};

}  // namespace oasis

#endif  // OASIS_SCORE_PLACEMENT_H_
