// Which files of a directory are which tables of a problem.
#ifndef OASIS_PROBLEM_FILES_TABLE_FILES_H_
#define OASIS_PROBLEM_FILES_TABLE_FILES_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "records/bad_rows.h"

namespace oasis::problem_files {

// Empty: there is no such table.
struct TableFiles {
  std::string contexts, zones, items, campaigns, terms, constraints;
  std::vector<std::string> edges;  // in the order of their names
  int64_t bytes = 0;               // of all of them
};

// A table is NAME.csv or NAME.jsonl, plain, .gz or .zst; edges may be several, as edges-NAME.csv.
// Other files are passed over. `faults` hears of missing tables and of two files for one, of which
// the first is taken. The status is of the directory.
absl::StatusOr<TableFiles> FindTableFiles(const std::filesystem::path& dir,
                                          records::BadRows* faults);

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_TABLE_FILES_H_
