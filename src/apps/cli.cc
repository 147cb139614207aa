#include "apps/cli.h"

#include <stdio.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "apps/commands/commands.h"
#include "apps/exit_code.h"
#include "apps/log.h"
#include "metrics/build_info.h"

namespace oasis {
namespace {

void PrintError(absl::string_view message) {
  const std::string line = absl::StrCat("oasis: ", message, "\n");
  fputs(line.c_str(), stderr);
}

// The commands that were named, as "oasis snapshot load".
std::string NamedCommand(const CLI::App& app) {
  std::string name = app.get_name();
  for (const CLI::App* command : app.get_subcommands()) {
    absl::StrAppend(&name, " ", NamedCommand(*command));
  }
  return name;
}

// CLI11 says of `oasis sreve` only that a command is missing.
std::string WhatIsWrong(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> rest = app.remaining(/*recurse=*/true);
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !rest.empty() &&
      !absl::StartsWith(rest[0], "-")) {
    return absl::StrCat("there is no command '", rest[0], "'");
  }
  return error.what();
}

int Fail(const absl::Status& status) {
  PrintError(status.message());
  return status.code() == absl::StatusCode::kCancelled ? kExitInterrupted : kExitFailed;
}

}  // namespace

int RunCli(int argc, const char* const* argv) {
  SendGrpcLogTo(nullptr);
  Action action;
  CLI::App app("Oasis serves promotion scores to a ranking, and swaps them without a pause.",
               "oasis");
  app.footer("Help on a command: oasis COMMAND --help\n");
  app.set_version_flag(
      "--version", absl::StrCat("oasis ", GetBuildInfo().version, " (", GetBuildInfo().commit, ")"),
      "Print the version and exit");
  app.require_subcommand(1);
  AddServeCommand(app, action);
  AddSnapshotCommands(app, action);
  AddScoresCommands(app, action);
  AddOverrideCommands(app, action);
  AddStatusCommand(app, action);
  AddLogLevelCommand(app, action);
  AddJournalCommand(app, action);
  AddAllocateCommand(app, action);
  AddGenerateCommand(app, action);
  AddLoadTestCommand(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    PrintError(absl::StrCat(WhatIsWrong(app, error), "; see ", NamedCommand(app), " --help"));
    return kExitUsage;
  }
  absl::Status status = action();
  if (status.ok() && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
    status = absl::DataLossError(
        "the output could not be written whole; is the disk full, or the pipe closed?");
  }
  return status.ok() ? kExitOk : Fail(status);
}

}  // namespace oasis
