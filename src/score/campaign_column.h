// Which campaign pays for which cell: kept beside the lines, since requests read it only where the
// campaign may matter (campaign_rows.h).
#ifndef OASIS_SCORE_CAMPAIGN_COLUMN_H_
#define OASIS_SCORE_CAMPAIGN_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "oasis/table.h"
#include "score/region.h"

namespace oasis {

// One number a slot. Nearly always all cells of an item have the same campaign, and the number is
// that campaign; else it names one of the `mixes`, lists of a campaign a cell that many items
// share. Numbers take four bytes while they are set; Finish packs them into as many bits as the
// largest has.
class CampaignColumn {
 public:
  CampaignColumn() = default;
  // `campaigns` is how many the snapshot names; with none the column takes no memory. It can be
  // set after Open, or read from an image without.
  CampaignColumn(size_t slots, size_t campaigns, bool huge_pages)
      : slots_(slots), campaigns_(campaigns), huge_pages_(huge_pages) {}
  absl::Status Open();

  // Of so many slots until Finish packs them; without the mixes.
  static size_t MaxBytes(size_t slots) { return Region::RoundedUp(PackedBytes(slots, kWordBits)); }

  bool empty() const { return memory_.bytes() == 0; }
  int64_t bytes() const;

  // The number for a row of these cells, and the setting of it: both for several threads at once,
  // of which no two set the same slot. REQUIRES: `cells` is not empty; Set: Open was called.
  uint32_t NumberOf(absl::Span<const CampaignId> cells);
  void Set(size_t slot, uint32_t number) {
    if (!empty()) words()[slot] = number;
  }
  void Move(size_t from, size_t to) {
    if (!empty()) words()[to] = words()[from];
  }
  // Fetches what Set writes; what Get reads.
  void PrefetchToSet(size_t slot) const {
    if (!empty()) __builtin_prefetch(words() + slot, /*rw=*/1);
  }
  void Prefetch(size_t slot) const { __builtin_prefetch(words() + slot * bits_ / kWordBits); }

  // By one thread, after which no number is set and any may Get.
  absl::Status Finish();

  // REQUIRES: not empty, and finished.
  uint32_t Number(size_t slot) const {
    const size_t bit = slot * bits_;
    uint64_t two = 0;
    std::memcpy(&two, words() + bit / kWordBits, sizeof(two));
    return static_cast<uint32_t>(two >> (bit % kWordBits) & ~(~uint64_t{0} << bits_));
  }
  // For every number whether it is one of those campaigns, or a mix with one of them: 1 or 0.
  // REQUIRES: as many campaigns as there are.
  std::vector<uint8_t> NumbersOf(const std::vector<bool>& campaigns) const;
  // REQUIRES: not empty. `cell` gives the place of the cell, asked where they have different ones.
  template <typename Cell>
  CampaignId Get(size_t slot, const Cell& cell) const {
    const uint32_t number = Number(slot);
    if (number <= campaigns_) return number - 1;  // of 0: kNoCampaign
    return mixes_[number - campaigns_ - 1][cell()];
  }

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

  static constexpr size_t kWordBits = 32;
  // Get reads a word more than the number begins in.
  static size_t PackedBytes(size_t slots, size_t bits) {
    return (slots * bits / kWordBits + 2) * sizeof(uint32_t);
  }
  uint32_t* words() const { return reinterpret_cast<uint32_t*>(memory_.data()); }

  size_t slots_ = 0;
  size_t campaigns_ = 0;
  bool huge_pages_ = false;
  size_t bits_ = 0;  // a number, once packed: 1 to 32
  Region memory_;    // until then a word a number
  std::vector<std::vector<CampaignId>> mixes_;
  std::unique_ptr<Mixes> setting_;  // from Open to Finish
};

}  // namespace oasis

#endif  // OASIS_SCORE_CAMPAIGN_COLUMN_H_
