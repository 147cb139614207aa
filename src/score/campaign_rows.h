// Which lines of a table have a row of some campaigns, or of some items.
#ifndef OASIS_SCORE_CAMPAIGN_ROWS_H_
#define OASIS_SCORE_CAMPAIGN_ROWS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "oasis/status.h"
#include "score/region.h"
#include "score/table_layout.h"

namespace oasis {

// See Table::RowsOf and RowsAndItems. A bit a line, about a twelfth of a byte an item: where few
// rows are asked for, it tells without a miss of the cache that a row is none of them. The bits of
// a large table take a huge page even if they do not fill it: a lookup reads them at random.
class CampaignRows {
 public:
  // Of none.
  static absl::StatusOr<CampaignRows> Create(size_t lines, bool huge_pages) {
    size_t bytes = (lines / kWordBits + 1) * sizeof(uint64_t);
    if (huge_pages && bytes >= kManyBytes) bytes = std::max(bytes, Region::kHugePageBytes);
    CampaignRows rows;
    OASIS_ASSIGN_OR_RETURN(rows.memory_, Region::Create(bytes, huge_pages));
    return rows;
  }

  void AddCampaigns(const CampaignColumn& column, size_t lines,
                    const std::vector<bool>& campaigns) {
    const std::vector<uint8_t> wanted = column.NumbersOf(campaigns);
    for (size_t line = 0; line < lines; ++line) {
      uint64_t has = 0;
      for (size_t slot = 0; slot < kSlotsPerLine; ++slot) {
        has |= wanted[column.Number(line * kSlotsPerLine + slot)];
      }
      words()[line / kWordBits] |= has << (line % kWordBits);
    }
  }
  void AddLine(size_t line) { words()[line / kWordBits] |= uint64_t{1} << (line % kWordBits); }
  // REQUIRES: `other` is of the same table.
  void CopyFrom(const CampaignRows& other) {
    std::memcpy(memory_.data(), other.memory_.data(), memory_.bytes());
  }

  void Prefetch(size_t line) const { __builtin_prefetch(&words()[line / kWordBits]); }
  uint64_t MayHave(size_t line) const {
    return words()[line / kWordBits] >> (line % kWordBits) & 1;
  }

 private:
  static constexpr size_t kWordBits = 64;
  static constexpr size_t kManyBytes = size_t{256} << 10;

  uint64_t* words() const { return reinterpret_cast<uint64_t*>(memory_.data()); }

  Region memory_;
};

}  // namespace oasis

#endif  // OASIS_SCORE_CAMPAIGN_ROWS_H_
