#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "apps/commands/commands.h"
#include "apps/config/config.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/log.h"
#include "apps/serve/application.h"
#include "apps/serve/serve_options.h"
#include "machine/descriptors.h"
#include "oasis/status.h"

namespace oasis {
namespace {

// gRPC's threads use the log to the very end of the process.
Log& ProcessLog(const ServeOptions& options) {
  auto& log = *new Log(options.log_format, options.log_level);
  SendGrpcLogTo(&log);
  return log;
}

absl::Status Run(const ServeOptions& options, const std::vector<std::string>& doubts) {
  Log& log = ProcessLog(options);
  for (const std::string& doubt : doubts) log.Warning("configuration", {{"detail", doubt}});
  signal(SIGPIPE, SIG_IGN);  // a client that goes away is an error of its call, not of the process
  RaiseDescriptorLimit();
  Application application(options, log);
  const Interrupt interrupt(kExitFailed, [&](const StopSignal& signal) {
    application.RequestStop();
    log.Info("told to stop; a second signal quits at once",
             {{"signal", strsignal(signal.number)}, {"sender_pid", signal.sender}});
  });
  SendDeafPortsTo([&](const std::string& why) {
    application.Fail(absl::UnavailableError(
        absl::StrCat("gRPC takes no connections on a port any more (", why,
                     "): ending, so that a new process does; give it more descriptors (ulimit -n, "
                     "LimitNOFILE=)")));
  });
  const absl::Status status = application.Run();
  SendDeafPortsTo(nullptr);
  if (!status.ok()) log.Error("cannot serve", {{"detail", std::string(status.message())}});
  if (!log.Flush()) _exit(status.ok() ? kExitOk : kExitFailed);  // nobody reads what we would say
  return Annotate(status, "serve");
}

}  // namespace

void AddServeCommand(CLI::App& parent, Action& action) {
  CLI::App& command =
      *parent.add_subcommand("serve", "Serve promotion scores and take new snapshots");
  command.footer(
      "Each flag, say --max-age, is also a variable, OASIS_MAX_AGE, and a key of the config file,\n"
      "max-age; `oasis config show` tells what holds and where it comes from.\n"
      "Example:\n"
      "  oasis serve --data-dir /var/lib/oasis --watch /srv/snapshots --config oasis.toml\n");
  auto options = std::make_shared<ServeOptions>();
  AddServeFlags(command, *options);
  auto config = std::make_shared<Config>(command);
  command.callback([&action, config, options] {
    config->Apply();
    if (options->data_dir.empty()) throw CLI::RequiredError("--data-dir (or OASIS_DATA_DIR)");
    action = [config, options] { return Run(*options, config->Doubts()); };
  });
}

}  // namespace oasis
