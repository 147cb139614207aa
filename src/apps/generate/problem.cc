#include "apps/generate/problem.h"

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "apps/generate/track_list.h"
#include "apps/generate/value_terms.h"
#include "oasis/status.h"
#include "snapshot/build/output_dir.h"

namespace oasis {
namespace {

absl::StatusOr<AllocationTables> MakeTables(const GenerateProblemOptions& options) {
  if (options.recipe == ProblemRecipe::kMatching) return MakeMatchingTables(options.matching);
  PromotionRecipe recipe = options.promotion;
  if (!options.catalogue.empty()) {
    OASIS_ASSIGN_OR_RETURN(recipe.catalogue, ReadTrackList(options.catalogue));
  }
  OASIS_ASSIGN_OR_RETURN(AllocationTables tables, MakePromotionTables(recipe));
  SplitValue(options.promotion.seed, &tables);
  return tables;
}

// Each with the licensor of its items.
std::vector<Campaign> CampaignsOf(const AllocationTables& tables) {
  std::vector<Campaign> campaigns;
  for (const std::string& name : tables.campaigns) {
    campaigns.push_back({.name = name, .licensor = ""});
  }
  for (const AllocationItem& item : tables.items) {
    if (item.campaign == kNobody || item.licensor == kNobody) continue;
    campaigns[item.campaign].licensor = tables.licensors[item.licensor];
  }
  return campaigns;
}

TableRows RowsOf(const ProblemFiles& problem) {
  const AllocationTables& tables = problem.tables;
  TableRows rows;
  const auto add = [&rows](const char* table, size_t size) {
    rows.emplace_back(table, static_cast<int64_t>(size));
  };
  add("zones", tables.zones.size());
  add("contexts", tables.contexts.size());
  add("campaigns", problem.campaigns.size());
  add("items", tables.items.size());
  add("terms", tables.terms.size());
  add("edges", tables.edges.item.size());
  add("constraints", tables.constraints.size());
  return rows;
}

}  // namespace

absl::StatusOr<GeneratedProblem> GenerateProblem(const GenerateProblemOptions& options,
                                                 const ProblemProgress& progress) {
  std::error_code error;
  std::filesystem::create_directories(build::ParentOf(options.out), error);
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot make a directory for ", options.out.string()));
  }
  OASIS_ASSIGN_OR_RETURN(build::OutputDir out, build::OutputDir::Create(options.out));
  ProblemFiles problem;
  OASIS_ASSIGN_OR_RETURN(problem.tables, MakeTables(options));
  problem.campaigns = CampaignsOf(problem.tables);
  OASIS_RETURN_IF_ERROR(WriteProblem(out.path(), problem, options.compression, progress));
  OASIS_RETURN_IF_ERROR(out.Commit());
  GeneratedProblem generated = {RowsOf(problem), {}};
  OASIS_ASSIGN_OR_RETURN(const AllocationProblem solvable,
                         AllocationProblem::Create(std::move(problem.tables)));
  generated.hard_rows = CountHardRows(solvable);
  return generated;
}

}  // namespace oasis
