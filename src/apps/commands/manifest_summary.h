// What the commands say of a snapshot directory.
#ifndef OASIS_APPS_COMMANDS_MANIFEST_SUMMARY_H_
#define OASIS_APPS_COMMANDS_MANIFEST_SUMMARY_H_

#include <cstdint>
#include <string>

#include "nlohmann/json.hpp"
#include "oasis/manifest.h"

namespace oasis {

int64_t BytesOf(const Manifest& manifest);  // of the score files

// "discovery-mode/control snapshot <id>: 200,000 items, 800,000 rows, 1 file of 12.3 MiB"
std::string SummaryText(const Manifest& manifest);

// The same with the names of the manifest's own fields.
nlohmann::ordered_json SummaryJson(const Manifest& manifest);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_MANIFEST_SUMMARY_H_
