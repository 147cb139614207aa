#include <string>

#include "absl/status/status.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/server_directory.h"
#include "apps/commands/snapshot_commands.h"

namespace oasis {
namespace {

struct Options {
  std::string directory;
  Peer server;
  std::string score_set;
  std::string variant;
  std::string reason;
  bool force = false;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  command
      .add_option("directory", options.directory,
                  "The snapshot, as the server sees it; a relative path is taken from here")
      ->required()
      ->type_name("DIR");
  AddAdminServerFlag(command, options.server);
  command.add_option("--score-set", options.score_set,
                     "Refuse a snapshot of another score set (any unless given)");
  command.add_option("--variant", options.variant,
                     "Refuse a snapshot of another variant (any unless given)");
  CLI::Option* reason =
      command.add_option("--reason", options.reason, "Why, for the journal")->type_name("TEXT");
  command
      .add_flag("--force", options.force,
                "Publish it although guardrails block it; needs a --reason")
      ->needs(reason);
  AddJsonFlag(command, options.json);
}

absl::Status Run(const Options& options) {
  v1::LoadSnapshotRequest request;
  request.set_directory(ServerDirectory(options.directory));
  request.set_expect_score_set(options.score_set);
  request.set_expect_variant(options.variant);
  request.set_reason(options.reason);
  request.set_force(options.force);
  const absl::Status loaded =
      FollowLoad(options.server, options.json,
                 [&](v1::SnapshotAdmin::Stub& stub, grpc::ClientContext* context) {
                   return stub.LoadSnapshot(context, request);
                 });
  return ExplainUnseen(loaded, options.directory);
}

}  // namespace

void AddSnapshotLoadCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(
      parent, action, "load", "Load a snapshot into a running server and make it live",
      "oasis snapshot load snapshots/monday --server 127.0.0.1:50052", &AddFlags, &Run);
}

}  // namespace oasis
