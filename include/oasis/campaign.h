// Campaigns: who pays for a promotion, and when.
#ifndef OASIS_CAMPAIGN_H_
#define OASIS_CAMPAIGN_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace oasis {

// One opt-in. A score row may name the campaign that pays for it.
struct Campaign {
  std::string name;
  std::string licensor;
  absl::Time starts_at = absl::InfinitePast();
  absl::Time ends_at = absl::InfiniteFuture();

  friend bool operator==(const Campaign&, const Campaign&) = default;
};
using CampaignId = uint32_t;  // the place of a campaign in its snapshot's list
inline constexpr CampaignId kNoCampaign = 0xFFFFFFFF;

// The campaigns of a snapshot. Copies share one list until one of them is changed: there are
// hundreds of thousands, and while a snapshot is loaded its manifest and its table both have them.
// Thread-compatible, as a vector is; but call Own only while no other thread has a copy.
class CampaignList {
 public:
  CampaignList() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is the list, only shared
  CampaignList(std::vector<Campaign> list)
      : list_(std::make_shared<std::vector<Campaign>>(std::move(list))) {}
  CampaignList(std::initializer_list<Campaign> list) : CampaignList(std::vector<Campaign>(list)) {}

  const std::vector<Campaign>& operator*() const {
    static const std::vector<Campaign> empty;
    return list_ == nullptr ? empty : *list_;
  }
  const std::vector<Campaign>* operator->() const { return &**this; }
  const Campaign& operator[](CampaignId id) const { return (**this)[id]; }
  size_t size() const { return list_ == nullptr ? 0 : list_->size(); }

  // Of this list alone. Valid until the list is copied.
  std::vector<Campaign>& Own() {
    if (list_ == nullptr || list_.use_count() > 1) {
      list_ = std::make_shared<std::vector<Campaign>>(**this);
    }
    return *list_;
  }

  friend bool operator==(const CampaignList& a, const CampaignList& b) {
    return a.list_ == b.list_ || *a == *b;
  }

 private:
  std::shared_ptr<std::vector<Campaign>> list_;  // null: empty
};

}  // namespace oasis

#endif  // OASIS_CAMPAIGN_H_
