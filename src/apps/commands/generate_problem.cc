#include <stdio.h>

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "apps/commands/flags.h"
#include "apps/commands/generate_commands.h"
#include "apps/exit_code.h"
#include "apps/generate/problem.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  GenerateProblemOptions problem;
  uint64_t seed = 1;
  std::optional<double> tau;
  bool json = false;
};

// With less, the limit of scores would change an invented plan much. (The recipe's own is sharper:
// harder to solve.)
constexpr double kDefaultInventedTau = 2.0;

// Flags that only one recipe has use for.
constexpr const char* kPromotionFlags[] = {"--edges", "--tightness", "--load-limit", "--fairness",
                                           "--catalogue"};
constexpr const char* kMatchingFlags[] = {"--sources", "--destinations"};

void AddPromotionFlags(CLI::App& command, PromotionRecipe& recipe) {
  AddCountFlag(command, "--edges", recipe.edges,
               "Pairs of an item and a context, about; as 1e6, too");
  command
      .add_option("--tightness", recipe.tightness,
                  "How hard it is to keep all constraints; 0.2 is easy")
      ->capture_default_str();
  command
      .add_option("--load-limit", recipe.load_limit,
                  "The part of a context's slots that may be promoted, about")
      ->capture_default_str();
  using Fairness = PromotionRecipe::Fairness;
  AddChoiceFlag<Fairness>(
      command, "--fairness", recipe.fairness,
      {{"none", Fairness::kNone}, {"log", Fairness::kLog}, {"max-min", Fairness::kMaxMin}},
      "Over licensors");
}

void AddFlags(CLI::App& command, Options& options) {
  GenerateProblemOptions& problem = options.problem;
  command.add_option("--out", problem.out, "New directory for the tables")
      ->required()
      ->type_name("DIR");
  AddChoiceFlag<ProblemRecipe>(
      command, "--recipe", problem.recipe,
      {{"promotion", ProblemRecipe::kPromotion}, {"matching", ProblemRecipe::kMatching}},
      "A month of a music service, or the matching of sources to destinations");
  command.add_option("--seed", options.seed, "Same flags and seed, same bytes")
      ->capture_default_str();
  command.add_option("--tau", options.tau, "How dear it is to leave the organic shares, in value")
      ->default_str("2, or 0.002 for matching");
  AddPromotionFlags(command, problem.promotion);
  command
      .add_option("--catalogue", problem.catalogue,
                  "Items, artists and genres of a file with the columns track_id or item_uri, "
                  "artists, popularity and track_genre, not invented ones")
      ->type_name("FILE");
  AddCountFlag(command, "--sources", problem.matching.sources, "Of --recipe matching");
  command
      .add_option("--destinations", problem.matching.destinations,
                  "Of --recipe matching: each source chooses among about ten of them")
      ->capture_default_str();
  AddChoiceFlag<Compression>(
      command, "--compress", problem.compression,
      {{"none", Compression::kNone}, {"gz", Compression::kGzip}, {"zst", Compression::kZstd}},
      "Of the edges");
  AddJsonFlag(command, options.json);
  command.parse_complete_callback([&command, &problem] {
    const bool promotion = problem.recipe == ProblemRecipe::kPromotion;
    for (const std::string flag :
         promotion ? absl::MakeConstSpan(kMatchingFlags) : absl::MakeConstSpan(kPromotionFlags)) {
      if (command.count(flag) == 0) continue;
      throw CLI::ValidationError(
          flag, promotion ? "is for --recipe matching" : "is for --recipe promotion");
    }
  });
}

absl::Status Run(const Options& options) {
  GenerateProblemOptions problem = options.problem;
  problem.promotion.seed = options.seed;
  problem.matching.seed = options.seed;
  problem.promotion.tau = options.tau.value_or(kDefaultInventedTau);
  problem.matching.tau = options.tau.value_or(problem.matching.tau);
  const Interrupt interrupt(kExitInterrupted);
  absl::StatusOr<GeneratedProblem> generated;
  {
    ProgressLine line;
    generated = GenerateProblem(problem, [&](int64_t done, int64_t total) {
      line.Update("generate", done, total);
      return interrupt.Check();
    });
  }
  OASIS_RETURN_IF_ERROR(generated.status());
  nlohmann::ordered_json json = {{"dir", problem.out.string()}};
  TextTable table({"table", ">rows"});
  for (const auto& [name, count] : generated->rows) {
    json["rows"][name] = count;
    table.Add({name, FormatCount(count)});
  }
  const HardRows& hard = generated->hard_rows;
  json["hard_constraints"] = hard.all;
  json["active_without_prices"] = hard.active;
  if (options.json) {
    PrintJson(json);
  } else {
    fputs(table.Text().c_str(), stdout);
    printf("%s of %s caps and guardrails would be broken by a plan without prices\n",
           FormatCount(hard.active).c_str(), FormatCount(hard.all).c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddGenerateProblemCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(
      parent, action, "problem", "Write an invented allocation problem as a directory of tables",
      "oasis generate problem --out problem --edges 1e6 --fairness log --seed 7", &AddFlags, &Run);
}

}  // namespace oasis
