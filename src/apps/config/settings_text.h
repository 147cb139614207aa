// Settings for people and for programs.
#ifndef OASIS_APPS_CONFIG_SETTINGS_TEXT_H_
#define OASIS_APPS_CONFIG_SETTINGS_TEXT_H_

#include <string>
#include <vector>

#include "apps/config/config.h"
#include "nlohmann/json.hpp"

namespace oasis {

// One line each, `max-age = "2h"  # file oasis.toml:3`: a config file that says the same.
std::string SettingsText(const std::vector<Setting>& settings);

// {"settings": [{"key", "value" (text, or null), "source", "place"}, …]}
nlohmann::ordered_json SettingsJson(const std::vector<Setting>& settings);

}  // namespace oasis

#endif  // OASIS_APPS_CONFIG_SETTINGS_TEXT_H_
