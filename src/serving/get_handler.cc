#include "serving/get_handler.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "oasis/context.h"
#include "oasis/status.h"
#include "oasis/table.h"
#include "serving/target.h"

namespace oasis {
namespace {

static_assert(static_cast<int>(ItemStatus::kInvalidId) == v1::ITEM_STATUS_INVALID_ID &&
              kItemStatuses == v1::ItemStatus_ARRAYSIZE);

absl::Status CheckItems(const v1::GetPromotionScoresRequest& request, int max_items) {
  const std::string& gids = request.item_gids();
  const bool by_uri = request.item_uris_size() > 0;
  if (by_uri && !gids.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("item_uris (", request.item_uris_size(), " items) and item_gids (",
                     gids.size(), " bytes) are both given: give exactly one of them"));
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

absl::Status FindSignals(const v1::GetPromotionScoresRequest& request, const Table& table,
                         std::vector<int>& signals) {
  if (request.signals_size() > kMaxSignalsPerRequest) {
    return absl::InvalidArgumentError(absl::StrCat("signals has ", request.signals_size(),
                                                   " names: at most ", kMaxSignalsPerRequest,
                                                   " may be in one request"));
  }
  signals.clear();
  if (request.signals_size() == 0) {
    OASIS_ASSIGN_OR_RETURN(const int signal, FindSignal(table, "signals", ""));
    signals.push_back(signal);
  }
  for (const std::string& name : request.signals()) {
    const absl::StatusOr<int> signal = FindSignal(table, "signals", name);
    if (!signal.ok()) return signal.status();
    signals.push_back(*signal);
  }
  return absl::OkStatus();
}

void ParseKeys(const v1::GetPromotionScoresRequest& request, std::vector<ItemKey>& keys) {
  keys.resize(static_cast<size_t>(CountItems(request)));
  if (request.item_uris_size() > 0) {
    std::transform(request.item_uris().begin(), request.item_uris().end(), keys.begin(),
                   [](const std::string& uri) { return KeyOfUri(uri); });
    return;
  }
  const char* bytes = request.item_gids().data();
  for (ItemKey& key : keys) {
    key = {GidFromBytes(bytes), ItemKind::kTrack};
    bytes += kGidBytes;
  }
}

}  // namespace

int64_t CountItems(const v1::GetPromotionScoresRequest& request) {
  return request.item_uris_size() +
         static_cast<int64_t>((request.item_gids().size() + kGidBytes - 1) / kGidBytes);
}

absl::Status HandleGet(const TableSet& tables, const GetOptions& options, absl::Time now,
                       GetScratch& scratch, const v1::GetPromotionScoresRequest& request,
                       v1::GetPromotionScoresResponse* response) {
  OASIS_RETURN_IF_ERROR(CheckContext(request.context()));
  OASIS_RETURN_IF_ERROR(CheckItems(request, options.max_items));
  OASIS_ASSIGN_OR_RETURN(const Target target,
                         FindTarget(tables, request.score_set(), request.variant()));
  const Table& table = *target.table;
  OASIS_RETURN_IF_ERROR(FindSignals(request, table, scratch.signals));
  ParseKeys(request, scratch.keys);
  scratch.score_set = target.score_set;

  const auto items = static_cast<int>(scratch.keys.size());
  const auto scores = items * static_cast<int>(scratch.signals.size());
  response->mutable_scores()->Resize(scores, 0.0F);
  response->mutable_statuses()->Resize(items, 0);
  const v1::Context& context = request.context();
  table.Lookup(
      scratch.keys, table.contexts().Resolve(context.surface(), context.market(), context.cohort()),
      scratch.signals,
      absl::MakeSpan(response->mutable_scores()->mutable_data(), static_cast<size_t>(scores)),
      absl::MakeSpan(response->mutable_statuses()->mutable_data(), static_cast<size_t>(items)));

  SetSnapshotInfo(table.info(), now, response->mutable_snapshot());
  response->set_variant(table.info().variant);
  return absl::OkStatus();
}

}  // namespace oasis
