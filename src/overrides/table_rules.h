// The dates of campaigns and the overrides, as they hold for one table.
#ifndef OASIS_OVERRIDES_TABLE_RULES_H_
#define OASIS_OVERRIDES_TABLE_RULES_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "oasis/gid.h"
#include "oasis/overrides.h"
#include "oasis/table.h"

namespace oasis {

// What is done to a table's answers (the order: Override). Immutable, safe for concurrent use.
class TableRules {
 public:
  // `overrides` are valid ones, of any score set. Names that the table does not know have no
  // effect. They hold at any time, and are fastest in the kFastFor after `now`: a campaign that
  // runs all the while costs its rows nothing. `before`, if any, are rules of the same table.
  static std::shared_ptr<const TableRules> Create(const Table& table,
                                                  absl::Span<const Override> overrides,
                                                  absl::Time now,
                                                  const TableRules* before = nullptr);
  static constexpr absl::Duration kFastFor = absl::Hours(1);

  // What of them matters to one request.
  struct Scope {
    bool items = false;      // overrides of items may hold
    bool campaigns = false;  // so may those of campaigns or licensors, or a campaign is not running
    const CampaignRows* rows = nullptr;  // for Lookup, the rows of which; null: any. As long as
                                         // the rules
    uint32_t now = 0;                    // seconds since 1970
    uint32_t surface = 0;  // place among the names that overrides are narrowed to; 0: any other
    uint32_t market = 0;

    bool any() const { return items || campaigns; }
  };
  Scope ScopeOf(absl::string_view surface, absl::string_view market, absl::Time now) const;

  // Changes what Table::Lookup answered, in place, and returns how many items it changed.
  // `campaigns` are those that Lookup gave for scope.rows; of no interest unless scope.campaigns.
  int64_t Apply(const Scope& scope, absl::Span<const ItemKey> keys,
                absl::Span<const CampaignOfKey> campaigns, absl::Span<const int> signals,
                absl::Span<float> scores, absl::Span<int> statuses) const;

  // The same for what Table::Explain found, with the overrides that hold for it, the strongest
  // first; those that a stronger one leaves without effect, too.
  struct Ruling {
    ItemStatus status = ItemStatus::kNotFound;
    float score = 0.0F;
    std::vector<const Override*> overrides;  // as long as the rules
  };
  Ruling Explain(const Scope& scope, const ItemKey& key, const Explanation& found,
                 int signal) const;

 private:
  static constexpr int kAllSignals = -1;
  struct Rule {
    OverrideAction action;
    int signal;  // place in the table's, or kAllSignals
    float score;
    uint32_t surface;  // 0: any
    uint32_t market;
    uint32_t expires;  // seconds since 1970
    uint32_t source;   // place in sources_
  };
  struct Group {  // rules_[begin, end), the strongest first
    uint32_t begin = 0;
    uint32_t end = 0;
    bool empty() const { return begin == end; }
  };
  struct Running {  // from <= now < until
    uint32_t from;
    uint32_t until;
  };
  struct Hit {  // what may hold for an item
    Group item;
    Group campaign;
    bool running = true;
    bool any() const { return !item.empty() || !campaign.empty() || !running; }
  };
  class Builder;

  TableRules() = default;
  Hit Find(const Scope& scope, const ItemKey& key, CampaignId campaign) const;
  static uint64_t FilterHash(const Gid& gid) {
    return ((gid.hi * 0x9E37'79B9'7F4A'7C15) ^ gid.lo) * 0xD1B5'4A32'D192'ED03;
  }
  bool MayHaveItem(const Gid& gid) const {
    const uint64_t hash = FilterHash(gid);
    const uint64_t bits = uint64_t{1} << (hash & 63) | uint64_t{1} << (hash >> 6 & 63);
    return (item_filter_[hash >> filter_shift_] & bits) == bits;
  }
  // In campaign_group_ and running_, of a campaign or of none.
  size_t PlaceOf(CampaignId campaign) const {
    return std::min(size_t{campaign}, running_.size() - 1);
  }
  // Whether a row of this campaign, or of none, may have another answer than its own.
  bool MayMatter(CampaignId campaign, uint32_t now) const {
    const size_t at = PlaceOf(campaign);
    const Running& running = running_[at];
    const bool runs = now - running.from < running.until - running.from;
    return !runs | (!campaign_group_.empty() && campaign_group_[at] != 0);
  }
  // Calls use(i) for each key that may have an override of its item.
  template <typename Use>
  void ForEachListed(absl::Span<const ItemKey> keys, const Use& use) const;
  bool Change(const Scope& scope, const Hit& hit, absl::Span<const int> signals,
              absl::Span<float> scores, int& status) const;
  template <typename Use>
  void ForEachHolding(const Scope& scope, const Hit& hit, const Use& use) const;

  std::vector<Override> sources_;
  std::vector<Rule> rules_;
  absl::flat_hash_map<std::string, uint32_t> surfaces_;  // to their places, from 1
  absl::flat_hash_map<std::string, uint32_t> markets_;
  uint32_t none_holds_from_ = 0;  // when the last rule has expired

  absl::flat_hash_map<ItemKey, Group> items_;
  std::vector<uint64_t> item_filter_;  // two bits of one word are set for every key of items_
  int filter_shift_ = 0;

  std::vector<Group> groups_;  // those of campaigns; [0] is empty
  // One a campaign of the table, and one for rows of none.
  std::vector<uint32_t> campaign_group_;  // empty where all have none
  std::vector<Running> running_;
  uint32_t all_run_from_ = 0;
  uint32_t all_run_until_ = 0;

  Running fast_ = {0, 0};    // when those below are all that may matter
  std::vector<bool> marks_;  // of each campaign of the table whether it may
  std::shared_ptr<const CampaignRows> campaign_rows_;  // theirs; null in that time: no row may
  std::shared_ptr<const CampaignRows> rows_;           // for Lookup: those
  bool rows_have_items_ = false;                       // and those of items_
};

}  // namespace oasis

#endif  // OASIS_OVERRIDES_TABLE_RULES_H_
