#include "apps/config/settings_text.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "apps/config/config_lines.h"

namespace oasis {
namespace {

constexpr size_t kWidestLine = 60;  // that others are padded to

const char* SourceWord(ConfigSource source) {
  switch (source) {
    case ConfigSource::kDefault:
      return "default";
    case ConfigSource::kFile:
      return "file";
    case ConfigSource::kVariable:
      return "environment";
    case ConfigSource::kFlag:
      return "flag";
  }
  return "default";
}

std::string SettingLine(const Setting& setting) {
  if (!setting.value.has_value()) return absl::StrCat("# ", setting.key, " is not set");
  return absl::StrCat(setting.key, " = ", ConfigValue(*setting.value));
}

}  // namespace

std::string SettingsText(const std::vector<Setting>& settings) {
  size_t width = 0;
  for (const Setting& setting : settings) {
    const size_t size = SettingLine(setting).size();
    if (setting.value.has_value() && size <= kWidestLine) width = std::max(width, size);
  }
  std::string text;
  for (const Setting& setting : settings) {
    std::string line = SettingLine(setting);
    if (setting.value.has_value()) {
      line.resize(std::max(line.size(), width), ' ');
      absl::StrAppend(&line, "  # ", SourceWord(setting.source), setting.place.empty() ? "" : " ",
                      setting.place);
    }
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

nlohmann::ordered_json SettingsJson(const std::vector<Setting>& settings) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Setting& setting : settings) {
    nlohmann::ordered_json value;
    if (setting.value.has_value()) value = *setting.value;
    array.push_back({{"key", setting.key},
                     {"value", std::move(value)},
                     {"source", SourceWord(setting.source)},
                     {"place", setting.place}});
  }
  return {{"settings", std::move(array)}};
}

}  // namespace oasis
