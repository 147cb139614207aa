#include <signal.h>
#include <string.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "apps/commands/commands.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/log.h"
#include "apps/serve/application.h"
#include "apps/serve/config_file.h"
#include "apps/serve/serve_options.h"
#include "oasis/status.h"

namespace oasis {
namespace {

// gRPC's threads use the log to the very end of the process.
Log& ProcessLog(const ServeOptions& options) {
  auto& log = *new Log(options.log_format, options.log_level);
  SendGrpcLogTo(&log);
  return log;
}

absl::Status Run(const ServeOptions& options) {
  Log& log = ProcessLog(options);
  signal(SIGPIPE, SIG_IGN);  // a client that goes away is an error of its call, not of the process
  Application application(options, log);
  const Interrupt interrupt(kExitFailed, [&](const StopSignal& signal) {
    log.Info("told to stop; a second signal quits at once",
             {{"signal", strsignal(signal.number)}, {"sender_pid", signal.sender}});
    application.RequestStop();
  });
  const absl::Status status = application.Run();
  if (!status.ok()) log.Error("cannot serve", {{"detail", std::string(status.message())}});
  return Annotate(status, "serve");
}

}  // namespace

void AddServeCommand(CLI::App& parent, Action& action) {
  CLI::App& command =
      *parent.add_subcommand("serve", "Serve promotion scores and take new snapshots");
  command.footer(
      "Each flag is also a variable OASIS_… and a key of the config file.\n"
      "Example:\n"
      "  oasis serve --data-dir /var/lib/oasis --watch /srv/snapshots --config oasis.toml\n");
  auto options = std::make_shared<ServeOptions>();
  AddServeFlags(command, *options);
  MakeConfigurable(command);
  command.callback([&command, &action, options] {
    ApplyConfigFile(command);
    if (options->data_dir.empty()) throw CLI::RequiredError("--data-dir (or OASIS_DATA_DIR)");
    action = [options] { return Run(*options); };
  });
}

}  // namespace oasis
