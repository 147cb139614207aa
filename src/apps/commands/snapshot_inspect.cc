#include <stdio.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "apps/commands/flags.h"
#include "apps/commands/manifest_summary.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/text.h"
#include "oasis/manifest.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  std::filesystem::path directory;
  bool contexts = false;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  command.add_option("directory", options.directory, "The snapshot")->required()->type_name("DIR");
  command.add_flag("--contexts", options.contexts, "Show every context, not only the surfaces");
  command.add_flag("--json", options.json, "Print the whole manifest, for programs");
}

// The scores of one signal in one or several contexts.
struct Spread {
  int64_t rows = 0;
  double sum = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  void Add(const ScoreStatistics& statistics) {
    rows += statistics.rows;
    sum += statistics.mean * static_cast<double>(statistics.rows);
    min = std::min(min, statistics.min);
    max = std::max(max, statistics.max);
  }
};

std::string SpreadText(const Manifest& manifest, bool every_context) {
  std::map<std::pair<std::string, int>, Spread> spreads;
  for (const ScoreStatistics& statistics : manifest.statistics) {
    if (statistics.rows == 0) continue;
    const Context& context = manifest.contexts[statistics.context];
    spreads[{every_context ? FormatContext(context) : context.surface, statistics.signal}].Add(
        statistics);
  }
  TextTable table(
      {every_context ? "context" : "surface", "signal", ">rows", ">min", ">mean", ">max"});
  for (const auto& [key, spread] : spreads) {
    table.Add({key.first, manifest.signals[static_cast<size_t>(key.second)].name,
               FormatCount(spread.rows), absl::StrFormat("%.4f", spread.min),
               absl::StrFormat("%.4f", spread.sum / static_cast<double>(spread.rows)),
               absl::StrFormat("%.4f", spread.max)});
  }
  return table.Text();
}

void Print(const Options& options, const Manifest& manifest) {
  std::string text = absl::StrCat(SummaryText(manifest), "\n");
  absl::StrAppend(&text, "created    ", FormatInstant(manifest.created), " by ", manifest.producer,
                  "\n");
  absl::StrAppend(&text, "parent     ", manifest.parent.empty() ? "none" : manifest.parent, "\n");
  for (const Signal& signal : manifest.signals) {
    absl::StrAppend(&text, "signal     ", signal.name,
                    absl::StrFormat(", up to %g, kept to within %.2g\n", signal.scale,
                                    signal.scale / kQuantisedMax / 2));
  }
  absl::StrAppend(&text, "contexts   ", FormatCount(static_cast<int64_t>(manifest.contexts.size())),
                  "\ncampaigns  ", FormatCount(static_cast<int64_t>(manifest.campaigns.size())),
                  "\n\n", SpreadText(manifest, options.contexts));
  fputs(text.c_str(), stdout);
}

absl::Status Run(const Options& options) {
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(options.directory));
  if (options.json) {
    PrintJson(nlohmann::ordered_json::parse(EncodeManifest(manifest)));
  } else {
    Print(options, manifest);
  }
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotInspectCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "inspect",
                      "Show what a snapshot holds, by its manifest (verify checks it)",
                      "oasis snapshot inspect snapshots/monday --contexts", &AddFlags, &Run);
}

}  // namespace oasis
