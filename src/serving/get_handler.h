// GetPromotionScores, without a server around it.
#ifndef OASIS_SERVING_GET_HANDLER_H_
#define OASIS_SERVING_GET_HANDLER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "oasis/gid.h"
#include "oasis/limits.h"
#include "oasis/live_tables.h"
#include "oasis/staleness.h"
#include "oasis/table.h"
#include "serving/get_wire.h"

namespace oasis {

struct GetOptions {
  int max_items = kDefaultMaxItemsPerRequest;
  StalenessRules staleness = {};
};

// Buffers that one thread reuses from call to call.
struct GetScratch {
  std::vector<ItemKey> keys;
  std::vector<int> signals;
  std::vector<CampaignOfKey> campaigns;  // of the rows that answered, where it matters
  GetReply reply;
  int64_t changed = 0;  // items that overrides or campaign dates gave another answer
  // The score set that answered, when the call ended well; valid as long as the TableSet.
  const TableSet::ScoreSet* score_set = nullptr;
};

// Answers `request` from `tables`. On OK all of `scratch.reply` and `scratch.score_set` is written;
// else they are unspecified. Allocates nothing for an item once the buffers have grown.
absl::Status HandleGet(const TableSet& tables, const GetOptions& options, absl::Time now,
                       const GetRequest& request, GetScratch& scratch);

}  // namespace oasis

#endif  // OASIS_SERVING_GET_HANDLER_H_
