#include "score/campaign_column.h"

#include <algorithm>
#include <limits>

namespace oasis {

CampaignColumn::CampaignColumn(size_t slots, size_t campaigns) : campaigns_(campaigns) {
  if (campaigns == 0) return;
  if (campaigns < std::numeric_limits<uint16_t>::max()) {
    narrow_.resize(slots);
  } else {
    wide_.resize(slots);
  }
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
  const auto [entry, added] =
      mix_numbers_.try_emplace(std::vector<CampaignId>(cells.begin(), cells.end()),
                               static_cast<uint32_t>(campaigns_ + 1 + mixes_.size()));
  if (added) mixes_.push_back(entry->first);
  return entry->second;
}

void CampaignColumn::Set(size_t slot, absl::Span<const CampaignId> cells) {
  if (empty()) return;
  const uint32_t number = NumberOf(cells);
  if (wide_.empty() && number > std::numeric_limits<uint16_t>::max()) {
    wide_.assign(narrow_.begin(), narrow_.end());
    narrow_ = {};
  }
  if (wide_.empty()) {
    narrow_[slot] = static_cast<uint16_t>(number);
  } else {
    wide_[slot] = number;
  }
}

CampaignId CampaignColumn::Get(size_t slot, size_t cell) const {
  if (empty()) return kNoCampaign;
  const uint32_t number = wide_.empty() ? narrow_[slot] : wide_[slot];
  if (number == 0) return kNoCampaign;
  if (number <= campaigns_) return number - 1;
  return mixes_[number - campaigns_ - 1][cell];
}

}  // namespace oasis
