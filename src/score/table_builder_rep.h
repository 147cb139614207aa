// A table while it is built: by several threads at once, each with an Adder.
#ifndef OASIS_SCORE_TABLE_BUILDER_REP_H_
#define OASIS_SCORE_TABLE_BUILDER_REP_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "oasis/table.h"
#include "score/table_layout.h"

namespace oasis {

// The lines are cut into so many stretches of equal length, or fewer, of whole blocks. A row waits
// with its adder until many others of its stretch do; then they are placed in one go, under the
// stretch's lock: hardly any thread waits, and the memory that is written to is near together.
inline constexpr size_t kMaxStretches = 64;

// A row on its way to its line.
struct TableBuilder::Row {
  Slot slot;
  uint64_t home;
  uint32_t campaigns;  // CampaignColumn::NumberOf

  ItemKey key() const {
    return {{slot.hi, slot.lo},
            (slot.contexts & Slot::kOther) != 0 ? ItemKind::kOther : ItemKind::kTrack};
  }
};

struct TableBuilder::Rep {
  struct Stretch {
    std::mutex mutex;
    std::vector<Row> beyond;  // rows that found no room in their block
  };

  std::unique_ptr<Table::Rep> table;
  int64_t announced = 0;
  int stretch_shift = 0;  // of a line's number
  std::array<Stretch, kMaxStretches> stretches;
  std::mutex spill_mutex;
  size_t spill_used = 0;  // guarded by spill_mutex
  std::atomic<int64_t> placed{0};
  std::atomic<int64_t> placed_cells{0};
  std::unique_ptr<Adder> adder;  // of TableBuilder::Add

  size_t StretchOf(uint64_t line) const { return static_cast<size_t>(line >> stretch_shift); }

  // InvalidArgument when the row breaks a rule.
  absl::Status Check(const ItemRow& row) const;
  absl::Status TooMany() const;
  // Puts rows of one stretch into the lines.
  absl::Status Place(size_t stretch, absl::Span<const Row> rows);
  // Puts one row into its block (`within`; false when it has no room), or far away.
  absl::StatusOr<bool> PlaceOne(const Row& row, bool within);
  // Appends spilled rows; gives where they begin, in units of kSpillUnit.
  absl::StatusOr<uint32_t> Spill(absl::Span<const char> bytes);
};

}  // namespace oasis

#endif  // OASIS_SCORE_TABLE_BUILDER_REP_H_
