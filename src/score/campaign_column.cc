#include "score/campaign_column.h"

#include <algorithm>
#include <limits>

namespace oasis {

void CampaignColumn::Open() {
  setting_ = std::make_unique<Mixes>();
  if (campaigns_ > 0) wide_.resize(slots_);
}

int64_t CampaignColumn::bytes() const {
  size_t bytes = narrow_.size() * sizeof(uint16_t) + wide_.size() * sizeof(uint32_t);
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
  if (campaigns_ + mixes_.size() > std::numeric_limits<uint16_t>::max()) return;
  narrow_.assign(wide_.begin(), wide_.end());
  wide_ = {};
}

CampaignId CampaignColumn::Get(size_t slot, size_t cell) const {
  if (empty()) return kNoCampaign;
  const uint32_t number = wide_.empty() ? narrow_[slot] : wide_[slot];
  if (number == 0) return kNoCampaign;
  if (number <= campaigns_) return number - 1;
  return mixes_[number - campaigns_ - 1][cell];
}

}  // namespace oasis
