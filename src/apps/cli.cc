#include "apps/cli.h"

#include <stdio.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "apps/commands/commands.h"
#include "apps/config/nearest_word.h"
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

// The words for what may follow the commands that were named.
struct Expected {
  std::vector<std::string> commands;
  std::vector<std::string> flags;
};
Expected ExpectedAfter(const CLI::App& app) {
  const std::vector<CLI::App*> named = app.get_subcommands();
  if (!named.empty()) return ExpectedAfter(*named.back());
  Expected expected;
  for (const CLI::App* command : app.get_subcommands({})) {
    expected.commands.push_back(command->get_name());
  }
  for (const CLI::Option* option : app.get_options({})) {
    for (const std::string& name : option->get_lnames()) expected.flags.push_back("--" + name);
  }
  return expected;
}

// CLI11 says of `oasis sreve` only that a command is missing, and of `oasis snapshot load --forec`
// only that DIR is.
std::string WhatIsWrong(const CLI::App& app, const CLI::ParseError& error) {
  const bool missing = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool unexpected = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const std::vector<std::string> rest = app.remaining(/*recurse=*/true);
  if (!(missing || unexpected) || rest.empty()) return error.what();
  const Expected expected = ExpectedAfter(app);
  const auto flag = std::find_if(rest.begin(), rest.end(), [](const std::string& word) {
    return absl::StartsWith(word, "-") && word.size() > 1;
  });
  if (flag != rest.end()) {
    const std::string name = flag->substr(0, flag->find('='));
    if (std::find(expected.flags.begin(), expected.flags.end(), name) != expected.flags.end()) {
      return absl::StrCat(name, " must stand after the command");
    }
    return absl::StrCat("there is no flag ", name, " here", DidYouMean(name, expected.flags));
  }
  if (unexpected) return error.what();
  return absl::StrCat("there is no command '", rest[0], "'",
                      DidYouMean(rest[0], expected.commands));
}

// What stands between the error and where help is.
const char* HelpFollows(absl::string_view what) {
  if (absl::StrContains(what, "\n")) return "\n";
  return absl::EndsWith(what, "?") ? " " : "; ";
}

absl::Status FlushOutput() {
  if (fflush(stdout) == 0 && ferror(stdout) == 0) return absl::OkStatus();
  return absl::DataLossError(
      "the output could not be written whole; is the disk full, or the pipe closed?");
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
  AddConfigCommands(app, action);
  AddSnapshotCommands(app, action);
  AddScoresCommands(app, action);
  AddOverrideCommands(app, action);
  AddStatusCommand(app, action);
  AddHealthCommand(app, action);
  AddLogLevelCommand(app, action);
  AddJournalCommand(app, action);
  AddAllocateCommand(app, action);
  AddGenerateCommand(app, action);
  AddLoadTestCommand(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    std::ostringstream text;
    app.exit(help_or_version, text, text);
    fputs(text.str().c_str(), stdout);
    action = [] { return absl::OkStatus(); };
  } catch (const CLI::ParseError& error) {
    const std::string what = WhatIsWrong(app, error);
    PrintError(absl::StrCat(what, HelpFollows(what), "see ", NamedCommand(app), " --help"));
    return kExitUsage;
  }
  absl::Status status = action();
  if (status.ok()) status = FlushOutput();
  return status.ok() ? kExitOk : Fail(status);
}

}  // namespace oasis
