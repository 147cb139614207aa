// ExplainPromotionScore, without a server around it.
#ifndef OASIS_SERVING_EXPLAIN_HANDLER_H_
#define OASIS_SERVING_EXPLAIN_HANDLER_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "oasis/live_tables.h"
#include "oasis/staleness.h"
#include "oasis/v1/promotion_scores.pb.h"

namespace oasis {

// Answers `request` from `tables`. As people ask this, a malformed id is an error that says what is
// wrong with it. On error `response` is unspecified.
absl::Status HandleExplain(const TableSet& tables, const StalenessRules& staleness, absl::Time now,
                           const v1::ExplainPromotionScoreRequest& request,
                           v1::ExplainPromotionScoreResponse* response);

}  // namespace oasis

#endif  // OASIS_SERVING_EXPLAIN_HANDLER_H_
