// Which lines of a table have a row of some campaigns.
#ifndef OASIS_SCORE_CAMPAIGN_ROWS_H_
#define OASIS_SCORE_CAMPAIGN_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "score/table_layout.h"

namespace oasis {

// See Table::RowsOf. A bit a line, about a twelfth of a byte an item: where few campaigns are
// asked for, it tells without a miss of the cache that a row is of none of them.
class CampaignRows {
 public:
  CampaignRows(const CampaignColumn& column, size_t lines, const std::vector<bool>& campaigns)
      : words_(lines / kWordBits + 1) {
    const std::vector<uint8_t> wanted = column.NumbersOf(campaigns);
    for (size_t line = 0; line < lines; ++line) {
      uint64_t has = 0;
      for (size_t slot = 0; slot < kSlotsPerLine; ++slot) {
        has |= wanted[column.Number(line * kSlotsPerLine + slot)];
      }
      words_[line / kWordBits] |= has << (line % kWordBits);
    }
  }

  void Prefetch(size_t line) const { __builtin_prefetch(&words_[line / kWordBits]); }
  uint64_t MayHave(size_t line) const { return words_[line / kWordBits] >> (line % kWordBits) & 1; }

 private:
  static constexpr size_t kWordBits = 64;
  std::vector<uint64_t> words_;
};

}  // namespace oasis

#endif  // OASIS_SCORE_CAMPAIGN_ROWS_H_
