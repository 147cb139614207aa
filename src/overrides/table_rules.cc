#include "overrides/table_rules.h"

#include <algorithm>
#include <array>
#include <limits>

#include "overrides/seconds.h"

namespace oasis {
namespace {

constexpr size_t kChunk = 512;  // keys at a time

CampaignId CampaignOf(absl::Span<const CampaignOfKey> campaigns, uint32_t key) {
  const auto* const at =
      std::lower_bound(campaigns.begin(), campaigns.end(), key,
                       [](const CampaignOfKey& of, uint32_t wanted) { return of.key < wanted; });
  return at != campaigns.end() && at->key == key ? at->campaign : kNoCampaign;
}

}  // namespace

TableRules::Scope TableRules::ScopeOf(absl::string_view surface, absl::string_view market,
                                      absl::Time now) const {
  Scope scope;
  scope.now = SecondsDown(now);
  const bool overrides = scope.now < none_holds_from_;
  scope.items = overrides && !items_.empty();
  if (fast_.from <= scope.now && scope.now < fast_.until) {
    scope.rows = rows_.get();
    scope.campaigns = scope.rows != nullptr;
  } else {
    scope.campaigns = (overrides && !campaign_group_.empty()) || scope.now < all_run_from_ ||
                      scope.now >= all_run_until_;
  }
  if (!overrides) return scope;
  if (const auto at = surfaces_.find(surface); at != surfaces_.end()) scope.surface = at->second;
  if (const auto at = markets_.find(market); at != markets_.end()) scope.market = at->second;
  return scope;
}

int64_t TableRules::Apply(const Scope& scope, absl::Span<const ItemKey> keys,
                          absl::Span<const CampaignOfKey> campaigns, absl::Span<const int> signals,
                          absl::Span<float> scores, absl::Span<int> statuses) const {
  int64_t changed = 0;
  const auto apply = [&](size_t i, CampaignId campaign) {
    const Hit hit = Find(scope, keys[i], campaign);
    if (!hit.any()) return;
    changed += static_cast<int64_t>(Change(
        scope, hit, signals, scores.subspan(i * signals.size(), signals.size()), statuses[i]));
  };
  if (!scope.campaigns) campaigns = {};
  const bool rows_have_items = rows_have_items_ && scope.rows != nullptr;
  if (scope.items && !rows_have_items) {
    ForEachListed(keys, [&](uint32_t i) { apply(i, CampaignOf(campaigns, i)); });
  }
  for (const CampaignOfKey& of : campaigns) __builtin_prefetch(&running_[PlaceOf(of.campaign)]);
  for (const CampaignOfKey& of : campaigns) {
    const bool matters = MayMatter(of.campaign, scope.now);
    if (!matters && !rows_have_items) continue;
    const bool listed = scope.items && MayHaveItem(keys[of.key].gid);
    // Those that are listed were applied just now, unless the rows have them.
    if (listed ? rows_have_items : matters) apply(of.key, of.campaign);
  }
  return changed;
}

template <typename Use>
void TableRules::ForEachListed(absl::Span<const ItemKey> keys, const Use& use) const {
  // Without a branch on what is most often so.
  std::array<uint32_t, kChunk> listed;
  for (size_t begin = 0; begin < keys.size(); begin += kChunk) {
    const size_t end = std::min(begin + kChunk, keys.size());
    size_t list_size = 0;
    for (size_t i = begin; i < end; ++i) {
      listed[list_size] = static_cast<uint32_t>(i);
      list_size += static_cast<size_t>(MayHaveItem(keys[i].gid));
    }
    for (const uint32_t i : absl::MakeSpan(listed.data(), list_size)) use(i);
  }
}

TableRules::Ruling TableRules::Explain(const Scope& scope, const ItemKey& key,
                                       const Explanation& found, int signal) const {
  const Hit hit = Find(scope, key, found.campaign);
  Ruling ruling;
  ruling.score = found.score;
  int status = static_cast<int>(found.status);
  Change(scope, hit, {&signal, 1}, {&ruling.score, 1}, status);
  ruling.status = static_cast<ItemStatus>(status);
  ForEachHolding(scope, hit, [&](const Rule& rule) {
    if (rule.signal == kAllSignals || rule.signal == signal) {
      ruling.overrides.push_back(&sources_[rule.source]);
    }
  });
  return ruling;
}

TableRules::Hit TableRules::Find(const Scope& scope, const ItemKey& key,
                                 CampaignId campaign) const {
  Hit hit;
  if (scope.items && MayHaveItem(key.gid)) {
    if (const auto at = items_.find(key); at != items_.end()) hit.item = at->second;
  }
  if (scope.campaigns && campaign != kNoCampaign) {
    const Running& running = running_[campaign];
    hit.running = running.from <= scope.now && scope.now < running.until;
    if (!campaign_group_.empty()) hit.campaign = groups_[campaign_group_[campaign]];
  }
  return hit;
}

bool TableRules::Change(const Scope& scope, const Hit& hit, absl::Span<const int> signals,
                        absl::Span<float> scores, int& status) const {
  const bool found = status == static_cast<int>(ItemStatus::kFound);
  bool suppressed = false;
  ForEachHolding(scope, hit, [&](const Rule& rule) {
    suppressed = suppressed || rule.action == OverrideAction::kSuppress;
  });
  if (suppressed || !hit.running) {
    if (!found) return false;
    status = static_cast<int>(suppressed ? ItemStatus::kSuppressed : ItemStatus::kExpired);
    std::fill(scores.begin(), scores.end(), 0.0F);
    return true;
  }
  bool changed = false;
  for (size_t j = 0; j < signals.size(); ++j) {
    bool set = false;
    float score = scores[j];
    float cap = std::numeric_limits<float>::infinity();
    ForEachHolding(scope, hit, [&](const Rule& rule) {
      if (rule.signal != signals[j]) return;
      if (rule.action == OverrideAction::kCap) cap = std::min(cap, rule.score);
      if (rule.action != OverrideAction::kSet || set) return;
      set = true;
      score = rule.score;
    });
    if (!found && !set) continue;
    score = std::min(score, cap);
    changed = changed || !found || score != scores[j];
    scores[j] = score;
    status = static_cast<int>(ItemStatus::kFound);
  }
  return changed;
}

template <typename Use>
void TableRules::ForEachHolding(const Scope& scope, const Hit& hit, const Use& use) const {
  for (const Group& group : {hit.item, hit.campaign}) {
    for (uint32_t i = group.begin; i < group.end; ++i) {
      const Rule& rule = rules_[i];
      if (scope.now < rule.expires && (rule.surface == 0 || rule.surface == scope.surface) &&
          (rule.market == 0 || rule.market == scope.market)) {
        use(rule);
      }
    }
  }
}

}  // namespace oasis
