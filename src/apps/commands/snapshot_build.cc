#include <stdio.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "apps/commands/flags.h"
#include "apps/commands/manifest_summary.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "metrics/build_info.h"
#include "oasis/build.h"
#include "oasis/status.h"
#include "oasis/table.h"

namespace oasis {
namespace {

struct Options {
  BuildOptions build;
  TableFlags table;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  BuildOptions& build = options.build;
  command
      .add_option("--scores", build.score_files,
                  "CSV or JSON lines, plain, .gz or .zst: item_uri, surface, score, and maybe "
                  "market, cohort, campaign, more signals")
      ->required()
      ->type_name("FILE…");
  command
      .add_option("--campaigns", build.campaigns_file,
                  "campaign,licensor,starts_at,ends_at of every campaign a row may name")
      ->type_name("FILE");
  command.add_option("--out", build.out, "The snapshot; must not exist or be an empty directory")
      ->required()
      ->type_name("DIR");
  AddTableFlags(command, options.table);
  command.add_option("--id", build.snapshot_id,
                     "Its name (made of the time and the content unless given)");
  command.add_option("--parent", build.parent, "Id of the snapshot it was derived from");
  AddTimeFlag(command, "--created", build.created, "When it was made (now unless given)");
  command
      .add_option(
          "--max-bad-rows", build.max_bad_rows,
          "Rows that may be wrong and left out before the build fails; duplicates never may")
      ->check(AtLeast(0))
      ->capture_default_str();
  command
      .add_option("--sort-memory", build.sort_memory_bytes,
                  "Memory for sorting, as 512MB; larger inputs go through temporary files")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false))
      ->capture_default_str()
      ->type_name("BYTES");
  command.add_option("--temp-dir", build.temp_dir, "For those (beside --out unless given)")
      ->type_name("DIR");
  AddJsonFlag(command, options.json);
}

void PrintReport(const Options& options, const BuildReport& report) {
  for (const std::string& row : report.first_bad_rows) {
    fputs(absl::StrCat("oasis: left out ", row, "\n").c_str(), stderr);
  }
  if (options.json) {
    nlohmann::ordered_json json = SummaryJson(report.manifest);
    json["directory"] = options.build.out.string();
    json["rows_read"] = report.rows_read;
    json["bad_rows"] = report.bad_rows;
    json["spilled_runs"] = report.spilled_runs;
    for (const auto& [phase, took] : report.phases) {
      json["phase_seconds"][std::string(BuildPhaseName(phase))] = absl::ToDoubleSeconds(took);
    }
    PrintJson(json);
    return;
  }
  std::vector<std::string> phases;
  for (const auto& [phase, took] : report.phases) {
    phases.push_back(absl::StrCat(BuildPhaseName(phase), " ", FormatSpan(took)));
  }
  std::vector<std::string> signals;
  for (const Signal& signal : report.manifest.signals) {
    signals.push_back(absl::StrFormat("%s up to %.4g in steps of %.2g", signal.name, signal.scale,
                                      signal.scale / kQuantisedMax));
  }
  const std::string text = absl::StrCat(
      SummaryText(report.manifest), "\nsignals: ", absl::StrJoin(signals, ", "), "\nbuilt in ",
      options.build.out.string(), ": ", absl::StrJoin(phases, ", "),
      report.bad_rows == 0 ? ""
                           : absl::StrCat("; ", FormatCount(report.bad_rows), " bad rows left out"),
      "\n");
  fputs(text.c_str(), stdout);
}

absl::Status Run(const Options& options) {
  const Interrupt interrupt(kExitInterrupted);
  BuildOptions build = options.build;
  build.score_set = options.table.score_set;
  build.variant = options.table.variant;
  build.producer = absl::StrCat("oasis snapshot build ", GetBuildInfo().version);
  if (build.created == absl::InfinitePast()) build.created = absl::Now();
  absl::StatusOr<BuildReport> report;
  {
    ProgressLine line;
    report = BuildSnapshot(build, [&](BuildPhase phase, int64_t done, int64_t total) {
      line.Update(BuildPhaseName(phase), done, total);
      return interrupt.Check();
    });
  }
  OASIS_RETURN_IF_ERROR(report.status());
  PrintReport(options, *report);
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotBuildCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(
      parent, action, "build", "Make a snapshot of score files",
      "oasis snapshot build --scores scores.csv.zst --campaigns campaigns.csv --out monday",
      &AddFlags, &Run);
}

}  // namespace oasis
