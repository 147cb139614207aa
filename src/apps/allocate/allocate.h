// `oasis allocate`: a problem in; a plan, its report and a snapshot out.
#ifndef OASIS_APPS_ALLOCATE_ALLOCATE_H_
#define OASIS_APPS_ALLOCATE_ALLOCATE_H_

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "apps/allocate/response.h"
#include "apps/allocate/sweep.h"
#include "oasis/allocation.h"

namespace oasis {

struct AllocateOptions {
  std::filesystem::path problem;
  std::filesystem::path out;   // empty: no snapshot
  std::filesystem::path page;  // of the report; these, too, may be empty
  std::filesystem::path prices_in;
  std::filesystem::path prices_out;
  std::filesystem::path mps;

  std::string score_set;
  std::string variant;
  std::string snapshot_id;  // empty: made of `created` and the content
  std::string parent;
  absl::Time created = absl::InfinitePast();  // now
  Response response = Response::kLogit;
  bool terms = true;  // of scores, into the snapshot

  std::vector<std::pair<std::string, double>> weights;  // that differ from the problem's
  std::optional<Sweep> sweep;
  SolveOptions solve;
  bool json = false;
};

// Reads, solves, writes and prints. The first Ctrl-C while it solves ends the search, and all the
// rest is done with the best plan so far; at any other time it ends the command.
absl::Status RunAllocate(const AllocateOptions& options);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_ALLOCATE_H_
