// A directory that a server is to read, as a command names it.
#ifndef OASIS_APPS_COMMANDS_SERVER_DIRECTORY_H_
#define OASIS_APPS_COMMANDS_SERVER_DIRECTORY_H_

#include <filesystem>
#include <string>

#include "absl/status/status.h"

namespace oasis {

// Absolute: a relative path is taken from here, not from where the server runs.
std::string ServerDirectory(const std::filesystem::path& directory);

// How a call about `directory` ended; with why that may be where the server cannot open a snapshot
// that is there for this command.
[[nodiscard]] absl::Status ExplainUnseen(const absl::Status& ended,
                                         const std::filesystem::path& directory);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_SERVER_DIRECTORY_H_
