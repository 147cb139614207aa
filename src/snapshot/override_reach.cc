#include "snapshot/override_reach.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/context.h"
#include "oasis/gid.h"

namespace oasis {
namespace {

int64_t CampaignsOf(const Table& table, const Override& override) {
  return std::count_if(table.campaigns().begin(), table.campaigns().end(),
                       [&](const Campaign& campaign) {
                         return override.campaign.empty() ? campaign.licensor == override.licensor
                                                          : campaign.name == override.campaign;
                       });
}

// Where no context names a market there is nothing to compare one with.
bool HasMarket(const Table& table, const Override& override) {
  bool any_named = false;
  for (const Context& context : table.contexts().contexts()) {
    if (!override.surface.empty() && context.surface != override.surface) continue;
    if (context.market == override.market) return true;
    any_named = any_named || context.market != kAny;
  }
  return !any_named;
}

bool HasSurface(const Table& table, const std::string& surface) {
  const auto& contexts = table.contexts().contexts();
  return std::any_of(contexts.begin(), contexts.end(),
                     [&](const Context& context) { return context.surface == surface; });
}

// Goes through the tables, from what most of them lack to what an override needs at last.
class Search {
 public:
  explicit Search(const Override& override) : override_(override) {}

  void LookInto(const Table& table) {
    if (!override_.score_set.empty() && table.info().score_set != override_.score_set) return;
    Found(kScoreSet);
    if (!override_.signal.empty() && !table.FindSignal(override_.signal).has_value()) return;
    Found(kSignal);
    if (!override_.surface.empty() && !HasSurface(table, override_.surface)) return;
    Found(kSurface);
    if (!override_.market.empty() && !HasMarket(table, override_)) return;
    Found(kMarket);
    if (override_.item_uri.empty()) {
      const int64_t campaigns = CampaignsOf(table, override_);
      reach_.campaigns += campaigns;
      if (campaigns == 0) return;
    } else if (override_.action != OverrideAction::kSet) {
      ItemRow row;
      if (!table.FindRow(KeyOfUri(override_.item_uri), &row)) return;
    }
    Found(kSubject);
    ++reach_.tables;
  }

  OverrideReach Result() && {
    switch (found_) {
      case kNothing:
        reach_.missing = override_.score_set.empty()
                             ? "nothing is live yet"
                             : absl::StrCat("no live score set is '", override_.score_set, "'");
        break;
      case kScoreSet:
        reach_.missing = absl::StrCat("no live table has a signal '", override_.signal, "'");
        break;
      case kSignal:
        reach_.missing = absl::StrCat("no live table has a surface '", override_.surface, "'");
        break;
      case kSurface:
        reach_.missing =
            absl::StrCat("no context of a live table names the market '", override_.market, "'");
        break;
      case kMarket:
        reach_.missing =
            !override_.item_uri.empty() ? absl::StrCat("no live table has ", override_.item_uri)
            : !override_.campaign.empty()
                ? absl::StrCat("no live campaign is '", override_.campaign, "'")
                : absl::StrCat("no live campaign is of the licensor '", override_.licensor, "'");
        break;
      case kSubject:
        break;
    }
    return std::move(reach_);
  }

 private:
  enum Step { kNothing, kScoreSet, kSignal, kSurface, kMarket, kSubject };
  void Found(Step step) { found_ = std::max(found_, step); }

  const Override& override_;
  Step found_ = kNothing;
  OverrideReach reach_;
};

}  // namespace

OverrideReach ReachOf(const LiveTables& tables, const Override& override) {
  Search search(override);
  tables.Visit([&](const TableSet& set) {
    for (const TableSet::ScoreSet& score_set : set.score_sets()) {
      for (const TableSet::Variant& variant : score_set.variants) search.LookInto(*variant.table);
    }
  });
  return std::move(search).Result();
}

}  // namespace oasis
