// How overrides and campaign dates become rules for one table.
#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "overrides/seconds.h"
#include "overrides/table_rules.h"

namespace oasis {

class TableRules::Builder {
 public:
  Builder(const Table& table, absl::Span<const Override> overrides) : table_(table) {
    for (const Override& override : overrides) {
      if (override.score_set.empty() || override.score_set == table.info().score_set) {
        made_.sources_.push_back(override);
      }
    }
    std::sort(made_.sources_.begin(), made_.sources_.end(), Stronger);
  }

  TableRules Build(absl::Time now, const TableRules* before) {
    absl::flat_hash_map<absl::string_view, Sources> campaigns;
    absl::flat_hash_map<absl::string_view, Sources> licensors;
    std::map<ItemKey, Sources> items;  // in order, so that the same overrides make the same rules
    for (uint32_t i = 0; i < made_.sources_.size(); ++i) {
      const Override& override = made_.sources_[i];
      if (!override.item_uri.empty()) {
        items[KeyOfUri(override.item_uri)].push_back(i);
      } else if (!override.campaign.empty()) {
        campaigns[override.campaign].push_back(i);
      } else {
        licensors[override.licensor].push_back(i);
      }
    }
    AddItems(items);
    AddCampaigns(campaigns, licensors);
    AddDates();
    MarkCampaigns(now, before);
    MarkItems();
    return std::move(made_);
  }

 private:
  using Sources = std::vector<uint32_t>;  // places in sources_

  static int About(const Override& override) {
    return !override.item_uri.empty() ? 0 : !override.campaign.empty() ? 1 : 2;
  }
  static int Narrowed(const Override& override) {
    return static_cast<int>(!override.surface.empty()) + static_cast<int>(!override.market.empty());
  }
  static bool Stronger(const Override& a, const Override& b) {
    return std::make_tuple(About(a), -Narrowed(a), -absl::ToUnixNanos(a.created), a.id) <
           std::make_tuple(About(b), -Narrowed(b), -absl::ToUnixNanos(b.created), b.id);
  }

  void AddItems(const std::map<ItemKey, Sources>& items) {
    const size_t words = std::bit_ceil(std::max<size_t>(items.size() / 2, 2));
    made_.item_filter_.assign(words, 0);
    made_.filter_shift_ = 64 - std::countr_zero(words);
    for (const auto& [key, sources] : items) {
      const Group group = AddRules(sources, {});
      if (group.empty()) continue;
      made_.items_.emplace(key, group);
      const uint64_t hash = FilterHash(key.gid);
      made_.item_filter_[hash >> made_.filter_shift_] |=
          uint64_t{1} << (hash & 63) | uint64_t{1} << (hash >> 6 & 63);
    }
  }

  void AddCampaigns(const absl::flat_hash_map<absl::string_view, Sources>& campaigns,
                    const absl::flat_hash_map<absl::string_view, Sources>& licensors) {
    made_.groups_.emplace_back();
    if (campaigns.empty() && licensors.empty()) return;
    const Sources none;
    // Campaigns of one licensor share a group, but those with rules of their own.
    std::map<std::pair<const Sources*, const Sources*>, uint32_t> groups;
    made_.campaign_group_.reserve(table_.campaigns().size());
    for (const Campaign& campaign : table_.campaigns()) {
      const auto own = campaigns.find(campaign.name);
      const auto all = licensors.find(campaign.licensor);
      const Sources* first = own == campaigns.end() ? &none : &own->second;
      const Sources* then = all == licensors.end() ? &none : &all->second;
      uint32_t group = 0;
      if (!first->empty() || !then->empty()) {
        const auto [entry, added] = groups.try_emplace({first, then}, made_.groups_.size());
        if (added) made_.groups_.push_back(AddRules(*first, *then));
        group = entry->second;
      }
      made_.campaign_group_.push_back(group);
    }
    made_.campaign_group_.push_back(0);
    if (made_.groups_.size() == 1) made_.campaign_group_ = {};
  }

  void AddDates() {
    made_.all_run_until_ = std::numeric_limits<uint32_t>::max();
    made_.running_.reserve(table_.campaigns().size());
    for (const Campaign& campaign : table_.campaigns()) {
      const Running running = {SecondsUp(campaign.starts_at), SecondsUp(campaign.ends_at)};
      made_.all_run_from_ = std::max(made_.all_run_from_, running.from);
      made_.all_run_until_ = std::min(made_.all_run_until_, running.until);
      made_.running_.push_back(running);
    }
    made_.running_.push_back({0, std::numeric_limits<uint32_t>::max()});
  }

  // A campaign that has no override and runs all the while needs no look.
  void MarkCampaigns(absl::Time now, const TableRules* before) {
    made_.fast_ = {SecondsDown(now), SecondsDown(now + kFastFor)};
    made_.marks_.resize(table_.campaigns().size());
    bool any = false;
    for (size_t c = 0; c < made_.marks_.size(); ++c) {
      const Running& running = made_.running_[c];
      const bool runs = running.from <= made_.fast_.from && made_.fast_.until <= running.until;
      const bool overridden = !made_.campaign_group_.empty() && made_.campaign_group_[c] != 0;
      made_.marks_[c] = !runs || overridden;
      any = any || made_.marks_[c];
    }
    if (!any) return;
    const bool as_before =
        before != nullptr && before->campaign_rows_ != nullptr && before->marks_ == made_.marks_;
    made_.campaign_rows_ = as_before ? before->campaign_rows_ : table_.RowsOf(made_.marks_);
    made_.rows_ = made_.campaign_rows_;
    if (made_.rows_ == nullptr) made_.fast_ = {0, 0};  // all rows have to be looked at
  }

  // Where some rows have to be looked at anyhow, listed items are best found among them, not among
  // all keys. But a `set` is for keys that have no row, too.
  void MarkItems() {
    if (made_.rows_ == nullptr || made_.items_.empty()) return;
    const auto sets = [](const Rule& rule) { return rule.action == OverrideAction::kSet; };
    std::vector<ItemKey> items;
    for (const auto& [key, group] : made_.items_) {
      const auto rules = made_.rules_.begin();
      if (std::any_of(rules + group.begin, rules + group.end, sets)) return;
      items.push_back(key);
    }
    auto with_items = table_.RowsAndItems(*made_.campaign_rows_, items);
    if (with_items == nullptr) return;
    made_.rows_ = std::move(with_items);
    made_.rows_have_items_ = true;
  }

  Group AddRules(const Sources& first, const Sources& then) {
    const auto begin = static_cast<uint32_t>(made_.rules_.size());
    for (const Sources* sources : {&first, &then}) {
      for (const uint32_t source : *sources) AddRule(source);
    }
    return {begin, static_cast<uint32_t>(made_.rules_.size())};
  }

  void AddRule(uint32_t source) {
    const Override& override = made_.sources_[source];
    int signal = kAllSignals;
    if (override.action != OverrideAction::kSuppress) {
      const std::optional<int> found =
          table_.FindSignal(override.signal.empty() ? kDefaultSignal : override.signal);
      if (!found.has_value()) return;
      signal = *found;
    }
    made_.rules_.push_back({.action = override.action,
                            .signal = signal,
                            .score = override.score,
                            .surface = PlaceOf(override.surface, made_.surfaces_),
                            .market = PlaceOf(override.market, made_.markets_),
                            .expires = SecondsUp(override.expires),
                            .source = source});
    made_.none_holds_from_ = std::max(made_.none_holds_from_, made_.rules_.back().expires);
  }

  static uint32_t PlaceOf(const std::string& name,
                          absl::flat_hash_map<std::string, uint32_t>& places) {
    if (name.empty()) return 0;
    return places.try_emplace(name, static_cast<uint32_t>(places.size() + 1)).first->second;
  }

  const Table& table_;
  TableRules made_;
};

std::shared_ptr<const TableRules> TableRules::Create(const Table& table,
                                                     absl::Span<const Override> overrides,
                                                     absl::Time now, const TableRules* before) {
  return std::make_shared<const TableRules>(Builder(table, overrides).Build(now, before));
}

}  // namespace oasis
