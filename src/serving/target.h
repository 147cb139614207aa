// What every request must get right, and the live table that answers it.
#ifndef OASIS_SERVING_TARGET_H_
#define OASIS_SERVING_TARGET_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/live_tables.h"
#include "oasis/staleness.h"
#include "oasis/table.h"
#include "oasis/v1/promotion_scores.pb.h"

namespace oasis {

struct Target {
  const TableSet::ScoreSet* score_set = nullptr;
  const TableSet::Variant* variant = nullptr;  // the one asked for, else the control
};

// Empty names mean the defaults. NotFound for an unknown score set; Unavailable when nothing is
// live yet, or of that score set neither the variant nor the control. What a restart still restores
// or could not restore is Unavailable, too: it may come yet, or another server has it.
absl::StatusOr<Target> FindTarget(const TableSet& tables, absl::string_view score_set,
                                  absl::string_view variant);

// InvalidArgument for a surface that is missing or "*", or a market that is none.
absl::Status CheckContext(absl::string_view surface, absl::string_view market);

// The place of a signal in the table; empty means "promotion". InvalidArgument when there is none;
// `field` is its name in the request.
absl::StatusOr<int> FindSignal(const Table& table, absl::string_view field,
                               absl::string_view signal);

// A value of a request as an error message may show it: in quotes, escaped, not too long.
std::string Quote(absl::string_view value);

// Every field is written. The age is never negative.
void SetSnapshotInfo(const TableInfo& info, const StalenessRules& rules, absl::Time now,
                     v1::SnapshotInfo* out);

}  // namespace oasis

#endif  // OASIS_SERVING_TARGET_H_
