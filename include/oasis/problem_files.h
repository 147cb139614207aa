// An allocation problem as a directory of tables: CSV or JSON lines (docs/allocation_problem.md).
#ifndef OASIS_PROBLEM_FILES_H_
#define OASIS_PROBLEM_FILES_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/allocation_problem.h"
#include "oasis/compression.h"
#include "oasis/table.h"

namespace oasis {

struct ProblemFiles {
  AllocationTables tables;
  std::vector<Campaign> campaigns;  // by place in tables.campaigns; licensor and dates may be unset
};

// Called every so many rows with how much is done of how much. Anything but OK ends the work with
// that status: that is how a caller cancels. May be empty.
using ProblemProgress = std::function<absl::Status(int64_t done, int64_t total)>;

// Reads and checks all tables. InvalidArgument tells how many faults there are in all of them, and
// the first with file and line: those of rows, of names that no other table has, and of
// CheckTables. Other codes are of files that cannot be read: NotFound, DataLoss for truncated ones.
// `progress` is in bytes of the files. Takes the memory of the columns, and a little for each line
// of the edges that does not follow upon the one before it.
absl::StatusOr<ProblemFiles> ReadProblem(const std::filesystem::path& dir,
                                         const ProblemProgress& progress);

// Writes the tables as CSV into `dir`, which must exist and should be empty; what ReadProblem reads
// from it is equal, but for the order of names, and for names that no item has. The same problem
// gives the same bytes. A table of campaigns is written where `problem.campaigns` has any.
// InvalidArgument for an item whose URI is not known, as only its hash is kept: all but tracks.
// `progress` is in rows of the edges. Where it fails, some of the files are there.
absl::Status WriteProblem(const std::filesystem::path& dir, const ProblemFiles& problem,
                          Compression compression_of_edges, const ProblemProgress& progress);

}  // namespace oasis

#endif  // OASIS_PROBLEM_FILES_H_
