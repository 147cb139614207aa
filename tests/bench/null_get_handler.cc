// GetPromotionScores without the lookup: the program `oasis_null` has this in place of
// src/serving/get_handler.cc, and so shows what a call costs before the first key is looked at.
#include "oasis/status.h"
#include "serving/get_handler.h"
#include "serving/target.h"

namespace oasis {

// An answer of as many bytes as the real one: a score and a status for each item.
absl::Status HandleGet(const TableSet& tables, const GetOptions& options, absl::Time now,
                       const GetRequest& request, GetScratch& scratch) {
  OASIS_ASSIGN_OR_RETURN(const Target target,
                         FindTarget(tables, request.score_set, request.variant));
  scratch.score_set = target.score_set;
  GetReply& reply = scratch.reply;
  reply.scores.assign(static_cast<size_t>(CountItems(request)), 0.0F);
  reply.statuses.assign(reply.scores.size(), v1::ITEM_STATUS_FOUND);
  const TableInfo& info = target.variant->table->info();
  SetSnapshotInfo(info, options.staleness, now, reply.rest.mutable_snapshot());
  reply.rest.set_variant(info.variant);
  return absl::OkStatus();
}

}  // namespace oasis
