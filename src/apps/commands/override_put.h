// `oasis override put`, and what it shares with its neighbours.
#ifndef OASIS_APPS_COMMANDS_OVERRIDE_PUT_H_
#define OASIS_APPS_COMMANDS_OVERRIDE_PUT_H_

#include <string>

#include "apps/commands/commands.h"

namespace oasis {

void AddOverridePutCommand(CLI::App& parent, Action& action);

// What a server says of an override although it did what was asked; nothing when it is empty.
void WarnOfOverride(const std::string& warning);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_OVERRIDE_PUT_H_
