#include "score/campaign_column.h"

#include <algorithm>
#include <bit>

namespace oasis {

void CampaignColumn::Open() {
  setting_ = std::make_unique<Mixes>();
  if (campaigns_ > 0) words_.resize(slots_);
}

int64_t CampaignColumn::bytes() const {
  size_t bytes = words_.size() * sizeof(uint32_t);
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

void CampaignColumn::Finish() {
  setting_ = nullptr;
  if (words_.empty()) return;
  bits_ = static_cast<size_t>(std::bit_width(campaigns_ + mixes_.size()));
  // In place: a number is read before its word is written, since none grows.
  uint64_t waiting = 0;
  size_t waiting_bits = 0;
  size_t written = 0;
  for (size_t slot = 0; slot < slots_; ++slot) {
    waiting |= uint64_t{words_[slot]} << waiting_bits;
    waiting_bits += bits_;
    if (waiting_bits < kWordBits) continue;
    words_[written++] = static_cast<uint32_t>(waiting);
    waiting >>= kWordBits;
    waiting_bits -= kWordBits;
  }
  words_.resize(PackedWords(slots_, bits_));
  std::fill(words_.begin() + static_cast<std::ptrdiff_t>(written), words_.end(), 0);
  words_[written] = static_cast<uint32_t>(waiting);
  words_.shrink_to_fit();
}

}  // namespace oasis
