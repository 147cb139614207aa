// Which campaign pays for which cell: kept beside the lines, since requests do not read it.
#ifndef OASIS_SCORE_CAMPAIGN_COLUMN_H_
#define OASIS_SCORE_CAMPAIGN_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "oasis/table.h"

namespace oasis {

// One number a slot. Nearly always all cells of an item have the same campaign, and the number is
// that campaign; else it names one of the `mixes`, lists of a campaign a cell that many items
// share. Numbers take four bytes while they are set; Finish makes them two where all fit.
class CampaignColumn {
 public:
  CampaignColumn() = default;
  // `campaigns` is how many the snapshot names; with none the column takes no memory. It can be
  // set after Open, or read from an image without.
  CampaignColumn(size_t slots, size_t campaigns) : slots_(slots), campaigns_(campaigns) {}
  void Open();

  // Of so many slots until they are set, in both widths; without the mixes.
  static size_t MaxBytes(size_t slots) { return slots * (sizeof(uint16_t) + sizeof(uint32_t)); }

  bool empty() const { return narrow_.empty() && wide_.empty(); }
  int64_t bytes() const;

  // The number for a row of these cells, and the setting of it: both for several threads at once,
  // of which no two set the same slot. REQUIRES: `cells` is not empty; Set: Open was called.
  uint32_t NumberOf(absl::Span<const CampaignId> cells);
  void Set(size_t slot, uint32_t number) {
    if (!wide_.empty()) wide_[slot] = number;
  }
  void Move(size_t from, size_t to) {
    if (!wide_.empty()) wide_[to] = wide_[from];
  }
  // Fetches what Set writes.
  void Prefetch(size_t slot) const {
    if (!wide_.empty()) __builtin_prefetch(&wide_[slot], /*rw=*/1);
  }

  // By one thread, after which no number is set and any may Get.
  void Finish();
  CampaignId Get(size_t slot, size_t cell) const;

  // The column as bytes, and back into one that was made for as many slots and campaigns; see
  // Table::WriteImage and TableBuilder::FromImage.
  absl::Status WriteImage(absl::FunctionRef<absl::Status(absl::Span<const char>)> write) const;
  absl::Status ReadImage(absl::FunctionRef<absl::Status(absl::Span<char>)> read);

 private:
  // What only setting needs. A number 0 is no campaign; then come the campaigns, then the mixes.
  struct Mixes {
    std::mutex mutex;
    absl::flat_hash_map<std::vector<CampaignId>, uint32_t> numbers;
  };

  size_t slots_ = 0;
  size_t campaigns_ = 0;
  std::vector<uint16_t> narrow_;
  std::vector<uint32_t> wide_;
  std::vector<std::vector<CampaignId>> mixes_;
  std::unique_ptr<Mixes> setting_;  // from Open to Finish
};

}  // namespace oasis

#endif  // OASIS_SCORE_CAMPAIGN_COLUMN_H_
