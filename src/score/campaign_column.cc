#include "score/campaign_column.h"

#include <algorithm>
#include <bit>

#include "oasis/status.h"

namespace oasis {

absl::Status CampaignColumn::Open() {
  setting_ = std::make_unique<Mixes>();
  if (campaigns_ == 0) return absl::OkStatus();
  OASIS_ASSIGN_OR_RETURN(memory_, Region::Create(PackedBytes(slots_, kWordBits), huge_pages_));
  return absl::OkStatus();
}

int64_t CampaignColumn::bytes() const {
  size_t bytes = memory_.bytes();
  for (const auto& mix : mixes_) bytes += 2 * mix.size() * sizeof(CampaignId);
  return static_cast<int64_t>(bytes);
}

uint32_t CampaignColumn::NumberOf(absl::Span<const CampaignId> cells) {
  const bool same =
      std::all_of(cells.begin(), cells.end(), [&](CampaignId id) { return id == cells[0]; });
  if (same) return cells[0] == kNoCampaign ? 0 : cells[0] + 1;
  const std::lock_guard<std::mutex> lock(setting_->mutex);
  const auto [entry, added] =
      setting_->numbers.try_emplace(std::vector<CampaignId>(cells.begin(), cells.end()),
                                    static_cast<uint32_t>(campaigns_ + 1 + mixes_.size()));
  if (added) mixes_.push_back(entry->first);
  return entry->second;
}

absl::Status CampaignColumn::Finish() {
  setting_ = nullptr;
  if (empty()) return absl::OkStatus();
  bits_ = static_cast<size_t>(std::bit_width(campaigns_ + mixes_.size()));
  // In place: a number is read before its word is written, since none grows.
  uint32_t* to = words();
  uint64_t waiting = 0;
  size_t waiting_bits = 0;
  for (size_t slot = 0; slot < slots_; ++slot) {
    waiting |= uint64_t{words()[slot]} << waiting_bits;
    waiting_bits += bits_;
    if (waiting_bits < kWordBits) continue;
    *to++ = static_cast<uint32_t>(waiting);
    waiting >>= kWordBits;
    waiting_bits -= kWordBits;
  }
  const size_t bytes = PackedBytes(slots_, bits_);
  std::fill(to, words() + bytes / sizeof(uint32_t), 0);
  *to = static_cast<uint32_t>(waiting);
  return memory_.Resize(bytes);
}

std::vector<uint8_t> CampaignColumn::NumbersOf(const std::vector<bool>& campaigns) const {
  std::vector<uint8_t> wanted(1 + campaigns_ + mixes_.size());
  const auto is_wanted = [&](CampaignId id) { return id != kNoCampaign && campaigns[id]; };
  for (size_t c = 0; c < campaigns_; ++c) wanted[1 + c] = static_cast<uint8_t>(campaigns[c]);
  for (size_t m = 0; m < mixes_.size(); ++m) {
    wanted[1 + campaigns_ + m] =
        static_cast<uint8_t>(std::any_of(mixes_[m].begin(), mixes_[m].end(), is_wanted));
  }
  return wanted;
}

}  // namespace oasis
