#include "apps/allocate/allocate.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "apps/commands/flags.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

struct Options {
  AllocateOptions allocate;
  TableFlags table;
  bool no_terms = false;
};

double ParseWeight(const std::string& flag, const std::string& text) {
  double weight = 0.0;
  if (absl::SimpleAtod(text, &weight)) return weight;
  throw CLI::ValidationError(flag, "'" + text + "' is not a number");
}

// "growth=1.5" -> {"growth", "1.5"}
std::pair<std::string, std::string> ParseAssignment(const std::string& flag,
                                                    const std::string& text) {
  std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
  if (!parts.first.empty() && !parts.second.empty()) return parts;
  throw CLI::ValidationError(flag, "'" + text + "' is not like growth=1.5");
}

void AddWeightFlags(CLI::App& command, AllocateOptions& options) {
  const CLI::callback_t weigh = [&options](const CLI::results_t& values) {
    for (const std::string& value : values) {
      auto [term, weight] = ParseAssignment("--weight", value);
      options.weights.emplace_back(std::move(term), ParseWeight("--weight", weight));
    }
    return true;
  };
  command
      .add_option("--weight", weigh,
                  "Another weight for a value term than the problem gives it; may be repeated")
      ->type_name("TERM=W")
      ->expected(1, 1000);
  const CLI::callback_t sweep_over = [&options](const CLI::results_t& values) {
    auto [term, weights] = ParseAssignment("--sweep", values.at(0));
    Sweep swept{std::move(term), {}};
    for (const absl::string_view weight : absl::StrSplit(weights, ',')) {
      swept.weights.push_back(ParseWeight("--sweep", std::string(weight)));
    }
    options.sweep = std::move(swept);
    return true;
  };
  command
      .add_option("--sweep", sweep_over,
                  "Solve again with each of these weights, for the report's trade-off curve")
      ->type_name("TERM=W,W…");
}

void AddSolveFlags(CLI::App& command, SolveOptions& solve) {
  command
      .add_option("--gap", solve.gap,
                  "Stop when no plan can be better by more than this part of the value")
      ->capture_default_str();
  command.add_option("--max-passes", solve.max_passes, "Stop after so many passes over the edges")
      ->check(AtLeast(1))
      ->capture_default_str();
  AddDurationFlag(command, "--time-limit", solve.time_limit,
                  "Stop after that long, with the best plan so far");
  command.add_option("--threads", solve.threads, "The result is the same for any number")
      ->check(CLI::Range(1, kMaxSolveThreads))
      ->capture_default_str();
  command
      .add_option("--score-limit", solve.score_limit,
                  absl::StrCat("No score is further from 0, but where a hard limit asks for less; "
                               "none is written below ",
                               kLeastWrittenScore))
      ->capture_default_str();
  AddChoiceFlag<Regulariser>(command, "--regulariser", solve.regulariser,
                             {{"entropy", Regulariser::kEntropy}, {"ridge", Regulariser::kRidge}},
                             "What keeps shares near the organic ones; ridge is for comparisons");
}

void AddSnapshotFlags(CLI::App& command, Options& options) {
  AllocateOptions& allocate = options.allocate;
  command
      .add_option("--out", allocate.out,
                  "The snapshot of the scores; must not exist or be an empty directory. Without it "
                  "nothing but the report is made")
      ->type_name("DIR");
  AddTableFlags(command, options.table);
  command.add_option("--id", allocate.snapshot_id,
                     "Its name (made of the time and the content unless given)");
  command.add_option("--parent", allocate.parent, "Id of the snapshot that is live");
  AddTimeFlag(command, "--created", allocate.created, "When it was made (now unless given)");
  AddChoiceFlag<Response>(command, "--response", allocate.response,
                          {{"logit", Response::kLogit},
                           {"multiplier", Response::kMultiplier},
                           {"share", Response::kShare}},
                          "What the ranker does with a score: add it to the logit, multiply its "
                          "weight by 1 + score, or give that share of the slots");
  command.add_flag("--no-terms", options.no_terms,
                   "Leave out why each score is what it is; saves 14 bytes a score everywhere");
}

void AddFlags(CLI::App& command, Options& options) {
  AllocateOptions& allocate = options.allocate;
  command.add_option("problem", allocate.problem, "Tables as in docs/allocation_problem.md")
      ->required()
      ->type_name("DIR");
  AddSnapshotFlags(command, options);
  AddSolveFlags(command, allocate.solve);
  AddWeightFlags(command, allocate);
  command
      .add_option("--warm-start", allocate.prices_in,
                  "Prices of an earlier allocation: fewer passes where little has changed")
      ->type_name("FILE");
  command.add_option("--prices-out", allocate.prices_out, "Write the prices, for the next time")
      ->type_name("FILE");
  command.add_option("--report", allocate.page, "Write the report as a page for a browser")
      ->type_name("FILE");
  command
      .add_option("--export-mps", allocate.mps,
                  "Write the linear program, for another solver to check; small problems only")
      ->type_name("FILE");
  AddJsonFlag(command, allocate.json);
}

absl::Status Run(const Options& options) {
  AllocateOptions allocate = options.allocate;
  allocate.score_set = options.table.score_set;
  allocate.variant = options.table.variant;
  allocate.terms = !options.no_terms;
  return RunAllocate(allocate);
}

}  // namespace

void AddAllocateCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "allocate",
                      "Decide how promotion is shared out, and write the scores that do it",
                      "oasis allocate problem --out monday --report monday.html", &AddFlags, &Run);
}

}  // namespace oasis
