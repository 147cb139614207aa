#include "apps/config/config.h"

#include <stdlib.h>
#include <unistd.h>

#include <CLI/Error.hpp>
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "apps/config/nearest_word.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

constexpr absl::string_view kPrefix = "OASIS_";
constexpr absl::string_view kClientPrefix = "OASIS_CLIENT_";  // of the other commands
constexpr char kFileVariable[] = "OASIS_CONFIG";
constexpr char kSection[] = "serve";  // whichever command asks

// max-age -> OASIS_MAX_AGE
std::string VariableOf(absl::string_view key) {
  return absl::StrCat(kPrefix, absl::AsciiStrToUpper(absl::StrReplaceAll(key, {{"-", "_"}})));
}

// One that is set and not empty.
std::optional<std::string> ValueOfVariable(const std::string& name) {
  const char* value = getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

bool IsSwitch(const CLI::Option& option) { return option.get_expected_min() == 0; }

}  // namespace

Config::Config(CLI::App& command) {
  for (CLI::Option* option : command.get_options({})) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
    Key key;
    key.name = option->get_lnames().front();
    key.option = option;
    option->description(absl::StrCat(option->get_description(), " (", VariableOf(key.name), ")"));
    keys_.push_back(std::move(key));
  }
  command
      .add_option("--config", file_,
                  absl::StrCat("File that sets any of these flags, as: max-age = \"2h\" (",
                               kFileVariable, ")"))
      ->type_name("FILE");
}

void Config::Apply() {
  for (Key& key : keys_) key.said = key.option->results();
  const std::string file = File();
  if (!file.empty()) {
    const absl::Status read = ReadFile(file);
    if (!read.ok()) throw CLI::ConfigError(std::string(read.message()));
  }
  TakeVariables();
  TakeFlags();
  const absl::Status faults = Faults();
  if (!faults.ok()) throw CLI::ConfigError(std::string(faults.message()));
}

absl::Status Config::Check(const std::string& file) {
  OASIS_RETURN_IF_ERROR(ReadFile(file));
  return Faults();
}

std::vector<Setting> Config::Settings() const {
  std::vector<Setting> settings;
  for (const Key& key : keys_) {
    Setting setting = {key.name, std::nullopt, key.source, key.place};
    const CLI::Option& option = *key.option;
    if (option.count() > 0) {
      setting.value = option.results().back();
    } else if (IsSwitch(option)) {
      setting.value = "false";
    } else if (!option.get_default_str().empty()) {
      setting.value = option.get_default_str();
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

std::vector<std::string> Config::Doubts() const {
  std::vector<std::string> known = {kFileVariable};
  for (const Key& key : keys_) known.push_back(VariableOf(key.name));
  std::vector<std::string> words;  // without what all have in common
  for (const std::string& name : known) words.push_back(name.substr(kPrefix.size()));
  std::vector<std::string> doubts;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const absl::string_view text = *variable;
    const std::string name(text.substr(0, text.find('=')));
    if (!absl::StartsWith(name, kPrefix) || absl::StartsWith(name, kClientPrefix) ||
        std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    const std::optional<std::string> nearest = NearestWord(name.substr(kPrefix.size()), words);
    if (!nearest.has_value()) continue;
    doubts.push_back(absl::StrCat("the variable ", name,
                                  " is not known and sets nothing; did you mean ", kPrefix,
                                  *nearest, "?"));
  }
  return doubts;
}

void Config::AddFault(std::string fault) {
  ++fault_count_;
  if (faults_.size() < kMaxConfigFaultsShown) faults_.push_back(std::move(fault));
}

absl::Status Config::Faults() const {
  if (fault_count_ == 0) return absl::OkStatus();
  if (fault_count_ == 1) return absl::InvalidArgumentError(faults_[0]);
  const int64_t hidden = fault_count_ - static_cast<int64_t>(faults_.size());
  return absl::InvalidArgumentError(absl::StrCat(
      fault_count_, " faults in the configuration:\n  ", absl::StrJoin(faults_, "\n  "),
      hidden > 0 ? absl::StrCat("\n  and ", hidden, " more") : ""));
}

std::string Config::File() const {
  return file_.empty() ? ValueOfVariable(kFileVariable).value_or("") : file_;
}

absl::Status Config::ReadFile(const std::string& file) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<ConfigLine> lines, ReadConfigLines(file));
  for (const ConfigLine& line : lines) TakeLine(file, line);
  return absl::OkStatus();
}

void Config::TakeLine(const std::string& file, const ConfigLine& line) {
  const std::string place = absl::StrCat(file, ":", line.number);
  const std::string name = WithoutSection(place, line.key);
  Key* const key = Find(name);
  if (key == nullptr && !line.key.empty()) {
    const std::string nearest = DidYouMean(name, Names());
    AddFault(absl::StrCat(
        place, ": unknown key '",
        absl::CHexEscape(absl::string_view(name).substr(0, kMaxShownBytes)), "'",
        nearest.empty() ? absl::StrCat("; the keys are ", absl::StrJoin(Names(), ", ")) : nearest));
  } else if (!line.fault.empty()) {
    AddFault(absl::StrCat(place, ": ", name, name.empty() ? "" : ": ", line.fault));
  } else if (key != nullptr && key->source == ConfigSource::kFile) {
    AddFault(
        absl::StrCat(place, ": ", name, ": is given a second time; the first is ", key->place));
  } else if (key != nullptr) {
    Set(*key, line.value, ConfigSource::kFile, place);
  }
}

std::string Config::WithoutSection(const std::string& place, const std::string& key) {
  const size_t dot = key.rfind('.');
  if (dot == std::string::npos) return key;
  const std::string section = key.substr(0, dot);
  if (section != kSection && wrong_sections_.insert(section).second) {
    AddFault(absl::StrCat(place, ": unknown section [",
                          absl::CHexEscape(section.substr(0, kMaxShownBytes)), "]; did you mean [",
                          kSection, "]?"));
  }
  return key.substr(dot + 1);
}

void Config::TakeVariables() {
  for (Key& key : keys_) {
    const std::string variable = VariableOf(key.name);
    const std::optional<std::string> value = ValueOfVariable(variable);
    if (value.has_value()) Set(key, *value, ConfigSource::kVariable, variable);
  }
}

// Again, as they win over the others.
void Config::TakeFlags() {
  for (Key& key : keys_) {
    if (key.said.empty()) continue;
    Set(key, key.said.back(), ConfigSource::kFlag, absl::StrCat("--", key.name));
  }
}

void Config::Set(Key& key, const std::string& value, ConfigSource source,
                 const std::string& place) {
  key.source = source;
  key.place = place;
  CLI::Option& option = *key.option;
  try {
    option.clear();
    option.add_result(IsSwitch(option) ? option.get_flag_value(key.name, value) : value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    const std::string what = error.what();
    const std::string flag = absl::StrCat("--", key.name, ": ");
    AddFault(absl::StrCat(place, ": ", key.name, ": ", absl::StripPrefix(what, flag)));
  }
}

Config::Key* Config::Find(const std::string& name) {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&name](const Key& key) { return key.name == name; });
  return found == keys_.end() ? nullptr : &*found;
}

std::vector<std::string> Config::Names() const {
  std::vector<std::string> names;
  for (const Key& key : keys_) names.push_back(key.name);
  return names;
}

}  // namespace oasis
