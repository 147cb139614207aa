// The commands of `oasis`, one function each: its flags, its help, and what it does.
#ifndef OASIS_APPS_COMMANDS_COMMANDS_H_
#define OASIS_APPS_COMMANDS_COMMANDS_H_

#include <CLI/App.hpp>
#include <functional>

#include "absl/status/status.h"

namespace oasis {

// What the command on the command line does. Set while the arguments are parsed, called afterwards.
// An error of it is printed and becomes the exit code; Cancelled means that Ctrl-C ended it.
using Action = std::function<absl::Status()>;

// Each adds its command (and those below it) to `parent`; when the arguments name it, the parse
// sets `action`, which must outlive the parse.
void AddServeCommand(CLI::App& parent, Action& action);
void AddSnapshotCommands(CLI::App& parent, Action& action);
void AddScoresCommands(CLI::App& parent, Action& action);
void AddOverrideCommands(CLI::App& parent, Action& action);
void AddConfigCommands(CLI::App& parent, Action& action);
void AddLogLevelCommand(CLI::App& parent, Action& action);
void AddStatusCommand(CLI::App& parent, Action& action);
void AddHealthCommand(CLI::App& parent, Action& action);
void AddJournalCommand(CLI::App& parent, Action& action);
void AddAllocateCommand(CLI::App& parent, Action& action);
void AddGenerateCommand(CLI::App& parent, Action& action);
void AddLoadTestCommand(CLI::App& parent, Action& action);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_COMMANDS_H_
