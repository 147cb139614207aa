#include "serving/get_handler.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "oasis/context.h"
#include "oasis/status.h"
#include "oasis/table.h"
#include "overrides/table_rules.h"
#include "serving/target.h"

namespace oasis {
namespace {

static_assert(static_cast<int>(ItemStatus::kInvalidId) == v1::ITEM_STATUS_INVALID_ID &&
              kItemStatuses == v1::ItemStatus_ARRAYSIZE);

absl::Status CheckItems(const GetRequest& request, int max_items) {
  const absl::string_view gids = request.item_gids;
  const bool by_uri = request.uri_count > 0;
  if (by_uri && !gids.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("item_uris (", request.uri_count, " items) and item_gids (", gids.size(),
                     " bytes) are both given: give exactly one of them"));
  }
  if (!by_uri && gids.empty()) {
    return absl::InvalidArgumentError(
        "item_uris and item_gids are both empty: give exactly one of them, with at least one item");
  }
  if (gids.size() % kGidBytes != 0) {
    return absl::InvalidArgumentError(absl::StrCat("item_gids has ", gids.size(),
                                                   " bytes: it must have 16 for each item, so a "
                                                   "multiple of 16"));
  }
  if (CountItems(request) > max_items) {
    return absl::InvalidArgumentError(
        absl::StrCat(by_uri ? "item_uris" : "item_gids", " has ", CountItems(request),
                     " items: at most ", max_items, " may be in one request; split the batch"));
  }
  return absl::OkStatus();
}

absl::Status FindSignals(const GetRequest& request, const Table& table, std::vector<int>& signals) {
  if (request.signals.size() > kMaxSignalsPerRequest) {
    return absl::InvalidArgumentError(absl::StrCat("signals has more than ", kMaxSignalsPerRequest,
                                                   " names, the most one request may have"));
  }
  signals.clear();
  if (request.signals.empty()) {
    OASIS_ASSIGN_OR_RETURN(const int signal, FindSignal(table, "signals", ""));
    signals.push_back(signal);
  }
  for (const absl::string_view name : request.signals) {
    const absl::StatusOr<int> signal = FindSignal(table, "signals", name);
    if (!signal.ok()) return signal.status();
    signals.push_back(*signal);
  }
  return absl::OkStatus();
}

void ParseKeys(const GetRequest& request, std::vector<ItemKey>& keys) {
  keys.resize(static_cast<size_t>(CountItems(request)));
  if (request.uri_count > 0) {
    std::transform(request.item_uris.begin(), request.item_uris.end(), keys.begin(), KeyOfUri);
    return;
  }
  const char* bytes = request.item_gids.data();
  for (ItemKey& key : keys) {
    key = {GidFromBytes(bytes), ItemKind::kTrack};
    bytes += kGidBytes;
  }
}

// The scores of the table, then what campaign dates and overrides make of them; most often nothing.
void LookUp(const TableSet::Variant& variant, const GetRequest& request, absl::Time now,
            GetScratch& scratch) {
  const Table& table = *variant.table;
  const FallbackChain chain =
      table.contexts().Resolve(request.surface, request.market, request.cohort);
  const absl::Span<float> scores = absl::MakeSpan(scratch.reply.scores);
  const absl::Span<int> statuses = absl::MakeSpan(scratch.reply.statuses);
  const TableRules::Scope scope = variant.rules->ScopeOf(request.surface, request.market, now);
  if (scope.campaigns) {
    table.Lookup(scratch.keys, chain, scratch.signals, scores, statuses, scope.rows,
                 scratch.campaigns);
  } else {
    table.Lookup(scratch.keys, chain, scratch.signals, scores, statuses);
  }
  scratch.changed = 0;
  if (!scope.any()) return;
  scratch.changed = variant.rules->Apply(scope, scratch.keys, scratch.campaigns, scratch.signals,
                                         scores, statuses);
}

}  // namespace

absl::Status HandleGet(const TableSet& tables, const GetOptions& options, absl::Time now,
                       const GetRequest& request, GetScratch& scratch) {
  OASIS_RETURN_IF_ERROR(CheckContext(request.surface, request.market));
  OASIS_RETURN_IF_ERROR(CheckItems(request, options.max_items));
  OASIS_ASSIGN_OR_RETURN(const Target target,
                         FindTarget(tables, request.score_set, request.variant));
  const Table& table = *target.variant->table;
  OASIS_RETURN_IF_ERROR(FindSignals(request, table, scratch.signals));
  ParseKeys(request, scratch.keys);
  scratch.score_set = target.score_set;

  GetReply& reply = scratch.reply;
  reply.scores.resize(scratch.keys.size() * scratch.signals.size());
  reply.statuses.resize(scratch.keys.size());
  LookUp(*target.variant, request, now, scratch);
  SetSnapshotInfo(table.info(), options.staleness, now, reply.rest.mutable_snapshot());
  reply.rest.set_variant(table.info().variant);
  return absl::OkStatus();
}

}  // namespace oasis
