// The commands below `oasis generate`.
#ifndef OASIS_APPS_COMMANDS_GENERATE_COMMANDS_H_
#define OASIS_APPS_COMMANDS_GENERATE_COMMANDS_H_

#include <CLI/App.hpp>

#include "apps/commands/commands.h"

namespace oasis {

void AddGenerateProblemCommand(CLI::App& parent, Action& action);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_GENERATE_COMMANDS_H_
