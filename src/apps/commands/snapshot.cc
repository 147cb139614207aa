#include "apps/commands/snapshot_commands.h"

namespace oasis {

void AddSnapshotCommands(CLI::App& parent, Action& action) {
  CLI::App& snapshot =
      *parent.add_subcommand("snapshot", "Build, check, load and switch snapshots");
  snapshot.require_subcommand(1);
  snapshot.footer(
      "Example:\n"
      "  oasis snapshot build --scores scores.csv --out snapshots/monday\n"
      "  oasis snapshot load snapshots/monday --server 127.0.0.1:50052\n");
  AddSnapshotBuildCommand(snapshot, action);
  AddSnapshotVerifyCommand(snapshot, action);
  AddSnapshotInspectCommand(snapshot, action);
  AddSnapshotDiffCommand(snapshot, action);
  AddSnapshotCheckCommand(snapshot, action);
  AddSnapshotLoadCommand(snapshot, action);
  AddSnapshotListCommand(snapshot, action);
  AddSnapshotPublishCommand(snapshot, action);
  AddSnapshotRollbackCommand(snapshot, action);
  AddSnapshotPinCommand(snapshot, action);
  AddSnapshotUnpinCommand(snapshot, action);
}

}  // namespace oasis
