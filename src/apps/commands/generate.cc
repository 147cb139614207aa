#include "apps/generate/generate.h"

#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "apps/commands/flags.h"
#include "apps/commands/generate_commands.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  GenerateOptions generate;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  GenerateOptions& generate = options.generate;
  command.add_option("--out", generate.out, "Directory for the files; made if need be. Required")
      ->type_name("DIR");
  // Not of CLI11's required ones: a command below has its own.
  command.parse_complete_callback([&command, &generate] {
    if (command.get_subcommands().empty() && generate.out.empty()) {
      throw CLI::RequiredError("--out");
    }
  });
  command.add_option("--tracks", generate.tracks, "Tracks in the catalogue")
      ->check(AtLeast(1))
      ->capture_default_str();
  command.add_option("--seed", generate.seed, "Same seed, same bytes")->capture_default_str();
  command
      .add_option("--revision", generate.revision,
                  "Above 0: the same catalogue with a few percent of the scores changed")
      ->capture_default_str();
  command.add_option("--contexts-per-track", generate.contexts_per_track, "Score rows a track")
      ->capture_default_str();
  command
      .add_option("--markets", generate.markets,
                  "Markets by falling weight, as US,GB,SE (24 of them unless given)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("XX,YY");
  AddChoiceFlag<RowFormat>(command, "--format", generate.format,
                           {{"csv", RowFormat::kCsv}, {"jsonl", RowFormat::kJsonLines}},
                           "Of the scores");
  AddChoiceFlag<Compression>(
      command, "--compress", generate.compression,
      {{"none", Compression::kNone}, {"gz", Compression::kGzip}, {"zst", Compression::kZstd}},
      "Of the scores");
  const absl::TimeZone utc = absl::UTCTimeZone();
  generate.now = absl::FromCivil(absl::ToCivilDay(absl::Now(), utc), utc);
  AddTimeFlag(command, "--now", generate.now,
              "What the campaigns' dates lie around; same flags, same bytes");
  AddJsonFlag(command, options.json);
}

absl::Status Run(const Options& options) {
  const Interrupt interrupt(kExitInterrupted);
  absl::StatusOr<GenerateResult> result;
  {
    ProgressLine line;
    result = Generate(options.generate, [&](int64_t done, int64_t total) {
      line.Update("generate", done, total);
      return interrupt.Check();
    });
  }
  OASIS_RETURN_IF_ERROR(result.status());
  nlohmann::ordered_json json;
  TextTable table({"file", ">rows", ">size"});
  for (const auto& [name, file] :
       {std::pair("tracks", result->tracks), std::pair("campaigns", result->campaigns),
        std::pair("scores", result->scores)}) {
    json[name] = {{"file", file.path.string()}, {"rows", file.rows}, {"bytes", file.bytes}};
    table.Add({file.path.string(), FormatCount(file.rows), FormatBytes(file.bytes)});
  }
  if (options.json) {
    PrintJson(json);
  } else {
    fputs(table.Text().c_str(), stdout);
  }
  return absl::OkStatus();
}

}  // namespace

void AddGenerateCommand(CLI::App& parent, Action& action) {
  CLI::App& command = AddCommand<Options>(
      parent, action, "generate", "Write an invented catalogue with campaigns and promotion scores",
      "oasis generate --out data --tracks 200000 --seed 7", &AddFlags, &Run);
  AddGenerateProblemCommand(command, action);
}

}  // namespace oasis
