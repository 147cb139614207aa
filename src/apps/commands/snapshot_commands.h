// The commands below `oasis snapshot`.
#ifndef OASIS_APPS_COMMANDS_SNAPSHOT_COMMANDS_H_
#define OASIS_APPS_COMMANDS_SNAPSHOT_COMMANDS_H_

#include "apps/commands/commands.h"

namespace oasis {

// Without a server.
void AddSnapshotBuildCommand(CLI::App& parent, Action& action);
void AddSnapshotVerifyCommand(CLI::App& parent, Action& action);
void AddSnapshotInspectCommand(CLI::App& parent, Action& action);
void AddSnapshotDiffCommand(CLI::App& parent, Action& action);
void AddSnapshotCheckCommand(CLI::App& parent, Action& action);

// On a running server.
void AddSnapshotLoadCommand(CLI::App& parent, Action& action);
void AddSnapshotListCommand(CLI::App& parent, Action& action);
void AddSnapshotPublishCommand(CLI::App& parent, Action& action);
void AddSnapshotRollbackCommand(CLI::App& parent, Action& action);
void AddSnapshotPinCommand(CLI::App& parent, Action& action);
void AddSnapshotUnpinCommand(CLI::App& parent, Action& action);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_SNAPSHOT_COMMANDS_H_
