#include "serving/explain_handler.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/context.h"
#include "oasis/gid.h"
#include "oasis/status.h"
#include "oasis/table.h"
#include "overrides/table_rules.h"
#include "rpc/override.h"
#include "rpc/time.h"
#include "serving/target.h"

namespace oasis {
namespace {

absl::StatusOr<ItemKey> ParseItem(const v1::ExplainPromotionScoreRequest& request) {
  const std::string& uri = request.item_uri();
  const std::string& gid = request.item_gid();
  if (uri.empty() == gid.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("item_uri and item_gid are both ",
                                                   uri.empty() ? "empty" : "given",
                                                   ": give exactly one of them"));
  }
  if (!uri.empty()) return ParseItemUri(uri);
  if (gid.size() != kGidBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("item_gid has ", gid.size(), " bytes: it must have ", kGidBytes));
  }
  return ItemKey{GidFromBytes(gid.data()), ItemKind::kTrack};
}

// The level of none is 0 on the wire and last in our enumeration.
v1::MatchLevel ToProto(MatchLevel level) {
  if (level == MatchLevel::kNone) return v1::MATCH_LEVEL_NONE;
  return static_cast<v1::MatchLevel>(static_cast<int>(level) + 1);
}
static_assert(static_cast<int>(MatchLevel::kSurface) + 1 == v1::MATCH_LEVEL_SURFACE &&
              static_cast<int>(MatchLevel::kSurfaceMarketCohort) + 1 ==
                  v1::MATCH_LEVEL_SURFACE_MARKET_COHORT);

void SetCampaign(const Campaign& campaign, v1::Campaign* out) {
  out->set_name(campaign.name);
  out->set_licensor(campaign.licensor);
  if (campaign.starts_at != absl::InfinitePast()) {
    SetTimestamp(campaign.starts_at, out->mutable_starts_at());
  }
  if (campaign.ends_at != absl::InfiniteFuture()) {
    SetTimestamp(campaign.ends_at, out->mutable_ends_at());
  }
}

void AddTerms(const Table& table, const ItemKey& key, const FallbackChain& chain, int signal,
              v1::ExplainPromotionScoreResponse* response) {
  const std::string& name = table.signals()[static_cast<size_t>(signal)].name;
  for (size_t i = 0; i < table.signals().size(); ++i) {
    const std::string& other = table.signals()[i].name;
    if (!IsTermOf(other, name)) continue;
    v1::ScoreTerm* const term = response->add_terms();
    term->set_name(other.substr(name.size() + 1));
    term->set_score(table.Explain(key, chain, static_cast<int>(i)).score);
  }
}

}  // namespace

absl::Status HandleExplain(const TableSet& tables, const StalenessRules& staleness, absl::Time now,
                           const v1::ExplainPromotionScoreRequest& request,
                           v1::ExplainPromotionScoreResponse* response) {
  OASIS_RETURN_IF_ERROR(CheckContext(request.context().surface(), request.context().market()));
  OASIS_ASSIGN_OR_RETURN(const ItemKey key, ParseItem(request));
  OASIS_ASSIGN_OR_RETURN(const Target target,
                         FindTarget(tables, request.score_set(), request.variant()));
  const Table& table = *target.variant->table;
  OASIS_ASSIGN_OR_RETURN(const int signal, FindSignal(table, "signal", request.signal()));

  const v1::Context& asked = request.context();
  const FallbackChain chain =
      table.contexts().Resolve(asked.surface(), asked.market(), asked.cohort());
  const Explanation found = table.Explain(key, chain, signal);

  response->Clear();
  const TableRules& rules = *target.variant->rules;
  const TableRules::Ruling ruling =
      rules.Explain(rules.ScopeOf(asked.surface(), asked.market(), now), key, found, signal);
  response->set_status(static_cast<v1::ItemStatus>(ruling.status));
  response->set_match_level(ToProto(found.level));
  if (found.level != MatchLevel::kNone) {
    const Context& matched = table.contexts().contexts()[found.context];
    response->mutable_matched_context()->set_surface(matched.surface);
    response->mutable_matched_context()->set_market(matched.market);
    response->mutable_matched_context()->set_cohort(matched.cohort);
  }
  response->set_raw_score(found.score);
  response->set_score(ruling.score);
  for (const Override* override : ruling.overrides) {
    SetOverride(*override, response->add_overrides());
  }
  response->set_quantised(found.quantised);
  response->set_scale(table.signals()[static_cast<size_t>(signal)].scale);
  if (found.level != MatchLevel::kNone) AddTerms(table, key, chain, signal, response);
  if (found.campaign != kNoCampaign) {
    SetCampaign(table.campaigns()[found.campaign], response->mutable_campaign());
  }
  SetSnapshotInfo(table.info(), staleness, now, response->mutable_snapshot());
  response->set_variant(table.info().variant);
  response->set_item_uri(key.kind == ItemKind::kTrack ? FormatTrackUri(key.gid)
                                                      : request.item_uri());
  return absl::OkStatus();
}

}  // namespace oasis
