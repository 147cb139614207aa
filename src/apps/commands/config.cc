#include "apps/config/config.h"

#include <stdio.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "apps/commands/commands.h"
#include "apps/commands/flags.h"
#include "apps/config/settings_text.h"
#include "apps/serve/serve_options.h"
#include "apps/serve/serve_options_check.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct CheckOptions {
  std::string file;
};

void AddCheckFlags(CLI::App& command, CheckOptions& options) {
  command.add_option("file", options.file, "The config file")->required()->type_name("FILE");
}

absl::Status RunCheck(const CheckOptions& options) {
  CLI::App serve;
  ServeOptions said;
  AddServeFlags(serve, said);
  OASIS_RETURN_IF_ERROR(Config(serve).Check(options.file));
  const absl::Status together = CheckServeOptions(said);
  if (!together.ok()) return Annotate(together, options.file);
  const std::string line = absl::StrCat(options.file, ": no fault\n");
  fputs(line.c_str(), stdout);
  return absl::OkStatus();
}

absl::Status RunShow(const Config& config, bool json) {
  for (const std::string& doubt : config.Doubts()) {
    const std::string line = absl::StrCat("oasis: ", doubt, "\n");
    fputs(line.c_str(), stderr);
  }
  if (json) {
    PrintJson(SettingsJson(config.Settings()));
  } else {
    fputs(SettingsText(config.Settings()).c_str(), stdout);
  }
  return absl::OkStatus();
}

// Takes all that `serve` takes.
void AddShowCommand(CLI::App& parent, Action& action) {
  CLI::App& command =
      *parent.add_subcommand("show", "Show each setting of `oasis serve`, and where it comes from");
  command.footer(
      "Give it the flags and variables that the server gets. What it prints is a config file.\n"
      "Example:\n"
      "  oasis config show --config oasis.toml\n");
  auto options = std::make_shared<ServeOptions>();
  AddServeFlags(command, *options);
  auto config = std::make_shared<Config>(command);
  auto json = std::make_shared<bool>(false);
  AddJsonFlag(command, *json);
  command.callback([&action, options, config, json] {
    config->Apply();
    action = [options, config, json] { return RunShow(*config, *json); };
  });
}

}  // namespace

void AddConfigCommands(CLI::App& parent, Action& action) {
  CLI::App& config =
      *parent.add_subcommand("config", "Check a config file, show what a server would run with");
  config.require_subcommand(1);
  config.footer(
      "Example:\n"
      "  oasis config check oasis.toml\n");
  AddCommand<CheckOptions>(
      config, action, "check",
      "Tell every fault of a config file of `oasis serve`: keys, values, and what does not go "
      "together. Files and directories that it names are not looked at",
      "oasis config check oasis.toml", &AddCheckFlags, &RunCheck);
  AddShowCommand(config, action);
}

}  // namespace oasis
