#include "apps/serve/config_file.h"

#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace oasis {
namespace {

constexpr char kConfigFlag[] = "--config";

// What a flag is called in the file: its long name without the dashes.
std::string KeyOf(const CLI::Option& option) {
  return option.get_lnames().empty() ? "" : option.get_lnames().front();
}

bool IsConfigurable(const CLI::Option& option) {
  const std::string key = KeyOf(option);
  return !key.empty() && key != "help" && key != "config";
}

[[noreturn]] void Refuse(const std::string& place, const std::string& reason) {
  throw CLI::ConfigError(absl::StrCat(place, ": ", reason));
}

// The option that an item of the file sets.
CLI::Option& OptionOf(CLI::App& command, const CLI::ConfigItem& item, const std::string& file) {
  const bool own_section =
      item.parents.empty() || (item.parents.size() == 1 && item.parents[0] == command.get_name());
  std::set<std::string> keys;
  for (CLI::Option* option : command.get_options({})) {
    if (!IsConfigurable(*option)) continue;
    if (own_section && KeyOf(*option) == item.name) return *option;
    keys.insert(KeyOf(*option));
  }
  Refuse(file, absl::StrCat("unknown key '", item.fullname(), "'; the keys are ",
                            absl::StrJoin(keys, ", ")));
}

void Apply(CLI::Option& option, const CLI::ConfigItem& item, const std::string& place) {
  if (item.inputs.size() != 1) {
    Refuse(place,
           "one value is needed; quote a value that has spaces or commas, and give each key once");
  }
  if (option.count() > 0) return;  // the command line or the environment said it
  try {
    const bool is_switch = option.get_expected_min() == 0;
    option.add_result(is_switch ? option.get_flag_value(item.name, item.inputs[0])
                                : item.inputs[0]);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    Refuse(place, error.what());
  }
}

}  // namespace

void MakeConfigurable(CLI::App& command) {
  for (CLI::Option* option : command.get_options({})) {
    if (!IsConfigurable(*option)) continue;
    option->envname(absl::StrCat(
        "OASIS_", absl::AsciiStrToUpper(absl::StrReplaceAll(KeyOf(*option), {{"-", "_"}}))));
  }
  command
      .add_option(
          kConfigFlag,
          "File that sets any of these flags, as: max-age = \"2h\" (environment: OASIS_CONFIG)")
      ->envname("OASIS_CONFIG")
      ->type_name("FILE");
}

void ApplyConfigFile(CLI::App& command) {
  const CLI::Option& config = *command.get_option(kConfigFlag);
  if (config.count() == 0) return;
  const auto file = config.as<std::string>();
  std::ifstream stream(file);
  std::error_code error;
  if (stream.good() && !std::filesystem::is_regular_file(file, error)) {
    Refuse(file, "is no regular file; --config takes one file, as oasis.toml");
  }
  if (!stream.good()) Refuse(file, "the config file cannot be read; check --config");
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(stream)) {
    const bool section_mark = item.name == "++" || item.name == "--";
    if (section_mark && item.parents == std::vector<std::string>{command.get_name()}) continue;
    Apply(OptionOf(command, item, file), item, absl::StrCat(file, ": ", item.name));
  }
}

}  // namespace oasis
