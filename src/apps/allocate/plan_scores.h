// A plan as a snapshot: the scores that bring it about, and the terms that say why.
#ifndef OASIS_APPS_ALLOCATE_PLAN_SCORES_H_
#define OASIS_APPS_ALLOCATE_PLAN_SCORES_H_

#include <cstdint>
#include <filesystem>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "apps/allocate/response.h"
#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"

namespace oasis {

struct PlanScoresOptions {
  std::filesystem::path out;        // must not exist, or be an empty directory
  Manifest manifest;                // its names, times and gates; the rest is worked out
  std::vector<Campaign> campaigns;  // by place, as AllocationProblem::campaigns
  Response response = Response::kLogit;
  // With ScoreTerms as further signals, "promotion.value" and so on: 14 bytes a row more in the
  // files and on the server. Of logits only; other responses have none.
  bool terms = true;
  int threads = 2;
};

struct WrittenScores {
  Manifest manifest;
  int64_t floored = 0;  // edges whose shift was below kLeastWrittenScore
};

// InvalidArgument for a problem whose plan no snapshot could hold, whatever it is.
absl::Status CheckWritable(const AllocationProblem& problem);

// Writes a row for each edge of a context with supply. Contexts without a market or cohort become
// those of any ("*"). The snapshot is there as a whole or not at all. InvalidArgument when there is
// nothing to write, or what it would hold breaks a rule of snapshots (names, number of contexts).
// Takes 8 bytes an edge, and 2 for each signal.
absl::StatusOr<WrittenScores> WritePlanScores(const AllocationProblem& problem,
                                              const Allocation& allocation,
                                              const PlanScoresOptions& options,
                                              const Progress& progress);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_PLAN_SCORES_H_
