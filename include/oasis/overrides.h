// Overrides: what operators decide on top of every snapshot, until it expires.
#ifndef OASIS_OVERRIDES_H_
#define OASIS_OVERRIDES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace oasis {

enum class OverrideAction {
  kSuppress,  // no promotion: score 0, status kSuppressed
  kCap,       // at most `score`
  kSet,       // `score` itself
};
absl::string_view OverrideActionName(OverrideAction action);  // "suppress"
std::optional<OverrideAction> ParseOverrideAction(absl::string_view name);

// One decision. It is about an item, a campaign or a licensor: exactly one of the three is given.
// Of those that hold for an item in a request
//
//   1. any kSuppress wins: status SUPPRESSED, score 0;
//   2. a row whose campaign is not running (starts_at <= now < ends_at, to the second) is EXPIRED,
//      score 0, which no kSet brings back;
//   3. the first kSet is the score, even of an item that has no row: of the item before its
//      campaign's before its licensor's; of these the one narrowed to more of surface and market;
//      of these the newest;
//   4. no score is above the smallest kCap.
struct Override {
  std::string id;
  OverrideAction action = OverrideAction::kSuppress;
  float score = 0.0F;  // of kCap and kSet
  std::string signal;  // of kCap and kSet, empty: "promotion"; kSuppress takes all signals away
  std::string item_uri;
  std::string campaign;
  std::string licensor;

  // Where it holds; empty: everywhere. A request that names no market is in none.
  std::string score_set;
  std::string surface;
  std::string market;

  std::string author;
  std::string reason;
  absl::Time created;
  absl::Time expires;  // holds before it

  friend bool operator==(const Override&, const Override&) = default;
};

// InvalidArgument, naming the field, its value and the rule: names as ValidateName has them,
// exactly one thing to override, a finite score, an author and a reason, an end after `created` and
// at most kMaxOverrideDays later.
absl::Status ValidateOverride(const Override& override);

}  // namespace oasis

#endif  // OASIS_OVERRIDES_H_
