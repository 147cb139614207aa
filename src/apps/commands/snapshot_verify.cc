#include <stdio.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "apps/commands/flags.h"
#include "apps/commands/manifest_summary.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  std::filesystem::path directory;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  command.add_option("directory", options.directory, "The snapshot")->required()->type_name("DIR");
  AddJsonFlag(command, options.json);
}

absl::Status Run(const Options& options) {
  const Interrupt interrupt(kExitInterrupted);
  absl::StatusOr<Manifest> manifest;
  {
    ProgressLine line;
    manifest = VerifySnapshot(options.directory, [&](int64_t done, int64_t total) {
      line.Update("verify", done, total);
      return interrupt.Check();
    });
  }
  OASIS_RETURN_IF_ERROR(manifest.status());
  if (options.json) {
    PrintJson(SummaryJson(*manifest));
  } else {
    fputs(
        absl::StrCat(SummaryText(*manifest), "\nevery byte, row and sentinel is as it should be\n")
            .c_str(),
        stdout);
  }
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotVerifyCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "verify",
                      "Check everything that can be known of a snapshot without a server",
                      "oasis snapshot verify snapshots/monday", &AddFlags, &Run);
}

}  // namespace oasis
