// Building a snapshot from score files: CSV or JSON lines in, a snapshot directory out.
#ifndef OASIS_BUILD_H_
#define OASIS_BUILD_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"

namespace oasis {

struct BuildOptions {
  // CSV with a header, or JSON lines; plain, gzip or zstd, each told by its content. Columns
  // item_uri, surface, score are required; market, cohort ("*" or no such column: any) and campaign
  // may be there; every other column is a further signal. `score` is the signal "promotion".
  std::vector<std::string> score_files;
  // campaign,licensor,starts_at,ends_at. Without it campaigns are known by name only; with it a row
  // that names any other campaign is bad.
  std::string campaigns_file;
  // Must not exist, or be an empty directory; its parent must exist. Made under a hidden name
  // beside it and renamed: it is there as a whole or not at all.
  std::filesystem::path out;

  std::string score_set;
  std::string variant;
  std::string snapshot_id;                    // empty: made of `created` and the content
  absl::Time created = absl::InfinitePast();  // must be set
  std::string producer;
  std::string parent;  // the snapshot this one was derived from; empty if none

  int64_t max_bad_rows = 0;  // the build fails when there are more, or a duplicate
  size_t sort_memory_bytes = kDefaultSortMemoryBytes;  // what is more goes through temp_dir
  std::filesystem::path temp_dir;                      // empty: beside `out`
};

enum class BuildPhase {
  kRead,   // bytes of the input files, as they are on disk; 0 in total when one is a pipe
  kSort,   // rows
  kWrite,  // rows
};
absl::string_view BuildPhaseName(BuildPhase phase);  // "read"

// Called from the building thread with how much is done of how much. Anything but OK ends the build
// with that status: that is how a caller cancels. May be empty.
using BuildProgress = std::function<absl::Status(BuildPhase phase, int64_t done, int64_t total)>;

struct BuildReport {
  Manifest manifest;
  int64_t rows_read = 0;  // bad ones included
  int64_t bad_rows = 0;
  std::vector<std::string> first_bad_rows;  // "file:line: reason"; at most kMaxBadRowsShown
  int spilled_runs = 0;                     // parts of the input that did not fit the sort's memory
  std::vector<std::pair<BuildPhase, absl::Duration>> phases;
};

// The same files and options give the same rows and manifest, but for checksums: RocksDB writes a
// random word into each file (docs/snapshot_format.md). A row is bad when it cannot be parsed,
// breaks a rule (a valid URI, context and campaign, finite scores). One that repeats the item and
// context of an earlier one is never allowed. All input is read even after too many bad rows, so
// that the InvalidArgument that ends such a build tells how many there are, and the first of them.
// DataLoss for truncated compressed files, ResourceExhausted for a full disk; whatever goes wrong,
// nothing is left behind, but for a kill: it leaves a hidden directory beside `out` that may be
// removed.
absl::StatusOr<BuildReport> BuildSnapshot(const BuildOptions& options,
                                          const BuildProgress& progress);

}  // namespace oasis

#endif  // OASIS_BUILD_H_
