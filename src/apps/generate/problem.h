// Writes an invented allocation problem as a directory of tables (docs/allocation_problem.md).
#ifndef OASIS_APPS_GENERATE_PROBLEM_H_
#define OASIS_APPS_GENERATE_PROBLEM_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "oasis/allocation_recipes.h"
#include "oasis/allocation_report.h"
#include "oasis/compression.h"
#include "oasis/problem_files.h"

namespace oasis {

enum class ProblemRecipe { kPromotion, kMatching };

struct GenerateProblemOptions {
  std::filesystem::path out;  // must not exist, or be an empty directory
  ProblemRecipe recipe = ProblemRecipe::kPromotion;
  PromotionRecipe promotion;                     // for that recipe; its edges have value terms
  std::string catalogue;                         // a file with its items; empty: invented ones
  MatchingRecipe matching;                       // likewise
  Compression compression = Compression::kNone;  // of the edges
};

// Rows by table, in the order of their reading.
using TableRows = std::vector<std::pair<std::string, int64_t>>;

struct GeneratedProblem {
  TableRows rows;
  HardRows hard_rows;
};

// The directory is there as a whole or not at all. Same options, same bytes, with the same C
// library. InvalidArgument names the option that is wrong. `progress` is in edges.
absl::StatusOr<GeneratedProblem> GenerateProblem(const GenerateProblemOptions& options,
                                                 const ProblemProgress& progress);

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_PROBLEM_H_
