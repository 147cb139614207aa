// What the loader told of late, for the status page.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_RECENT_LOADS_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_RECENT_LOADS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "oasis/loader.h"

namespace oasis {

// Remembers what the journal does not: the last guardrail report of each of kStatusPageReports
// tables, and which loads are under way. Thread-safe.
class RecentLoads {
 public:
  // What guardrails said of a snapshot, and what it was asked for.
  struct Judged {
    std::string action;  // "load", "check"
    std::string actor;
    LoadOutcome outcome = LoadOutcome::kFailed;
    bool forced = false;
    std::shared_ptr<const GuardrailReport> report;
  };
  // Loads that are in one phase now.
  struct UnderWay {
    int loads = 0;
    absl::Time since;  // when the last of them entered it
  };

  // As Loader::Options::observer and ::moved.
  void Tell(const LoadReport& report);
  void Move(LoadPhase from, LoadPhase to, absl::Time now);

  std::vector<Judged> judged() const;               // newest first
  std::map<LoadPhase, UnderWay> under_way() const;  // those phases that have any

 private:
  mutable std::mutex mutex_;
  std::vector<Judged> judged_;               // newest first; guarded by mutex_
  std::map<LoadPhase, UnderWay> under_way_;  // likewise
};

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_RECENT_LOADS_H_
