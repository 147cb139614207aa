// Which campaign pays for which cell: kept beside the lines, since requests do not read it.
#ifndef OASIS_SCORE_CAMPAIGN_COLUMN_H_
#define OASIS_SCORE_CAMPAIGN_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "oasis/table.h"

namespace oasis {

// One number a slot. Nearly always all cells of an item have the same campaign, and the number is
// that campaign; else it names one of the `mixes`, lists of a campaign a cell that many items
// share. Numbers take two bytes until one does not fit, then four. Thread-safe for reads.
class CampaignColumn {
 public:
  CampaignColumn() = default;
  // `campaigns` is how many the snapshot names; with none the column takes no memory.
  CampaignColumn(size_t slots, size_t campaigns);

  // Of so many slots while they are set, which may widen the numbers; without the mixes.
  static size_t MaxBytes(size_t slots) { return slots * (sizeof(uint16_t) + sizeof(uint32_t)); }

  bool empty() const { return narrow_.empty() && wide_.empty(); }
  int64_t bytes() const;

  // REQUIRES: `cells` is not empty.
  void Set(size_t slot, absl::Span<const CampaignId> cells);
  CampaignId Get(size_t slot, size_t cell) const;

  // The column as bytes, and back into one that was made for as many slots and campaigns; see
  // Table::WriteImage and TableBuilder::FromImage.
  absl::Status WriteImage(absl::FunctionRef<absl::Status(absl::Span<const char>)> write) const;
  absl::Status ReadImage(absl::FunctionRef<absl::Status(absl::Span<char>)> read);

  // Lets go of what only Set needs. No Set afterwards.
  void Finish() { mix_numbers_ = {}; }

 private:
  // 0 is no campaign; then the campaigns; then the mixes.
  uint32_t NumberOf(absl::Span<const CampaignId> cells);

  size_t campaigns_ = 0;
  std::vector<uint16_t> narrow_;
  std::vector<uint32_t> wide_;
  std::vector<std::vector<CampaignId>> mixes_;
  absl::flat_hash_map<std::vector<CampaignId>, uint32_t> mix_numbers_;  // until Finish
};

}  // namespace oasis

#endif  // OASIS_SCORE_CAMPAIGN_COLUMN_H_
