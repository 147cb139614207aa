// When a snapshot is too old, and what the server then does.
#ifndef OASIS_STALENESS_H_
#define OASIS_STALENESS_H_

#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace oasis {

// In any case the health name ".../fresh" turns NOT_SERVING. A stale table always answers.
enum class WhenStale {
  kServe,       // nothing else
  kFlag,        // moreover its answers say so (SnapshotInfo.stale)
  kNotServing,  // and the server's health turns NOT_SERVING, so that clients go to others
};

struct Staleness {
  absl::Duration max_age = absl::InfiniteDuration();  // since the snapshot was created
  WhenStale when_stale = WhenStale::kServe;

  bool IsStale(absl::Time created, absl::Time now) const { return created < now - max_age; }
};

// By score set.
struct StalenessRules {
  Staleness others;  // of the score sets that are not named
  std::map<std::string, Staleness, std::less<>> score_sets = {};

  const Staleness& Of(absl::string_view score_set) const {
    const auto found = score_sets.find(score_set);
    return found == score_sets.end() ? others : found->second;
  }
};

}  // namespace oasis

#endif  // OASIS_STALENESS_H_
