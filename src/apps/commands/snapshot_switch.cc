// publish, rollback, pin, unpin: which of the kept snapshots is live, and whether it stays so.
#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/message_json.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  Peer server;
  TableFlags table;
  std::string snapshot_id;
  std::string reason;
  bool force = false;  // of publish
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  AddAdminServerFlag(command, options.server);
  AddTableFlags(command, options.table);
  command.add_option("--reason", options.reason, "Why, for the journal")->type_name("TEXT");
  AddJsonFlag(command, options.json);
}

void AddPublishFlags(CLI::App& command, Options& options) {
  command.add_option("id", options.snapshot_id, "The snapshot, as `oasis snapshot list` names it")
      ->required()
      ->type_name("ID");
  AddFlags(command, options);
  command
      .add_flag("--force", options.force,
                "Publish one that never was live although guardrails block it; needs a --reason")
      ->needs(command.get_option("--reason"));
}

void AddPinFlags(CLI::App& command, Options& options) {
  command
      .add_option("id", options.snapshot_id,
                  "The snapshot, as `oasis snapshot list` names it (the live one unless given)")
      ->type_name("ID");
  AddFlags(command, options);
}

void AddRollbackFlags(CLI::App& command, Options& options) {
  command
      .add_option("--to", options.snapshot_id,
                  "The snapshot to go back to (the one live before unless given)")
      ->type_name("ID");
  AddFlags(command, options);
}

template <typename Request>
Request MakeRequest(const Options& options) {
  Request request;
  request.set_score_set(options.table.score_set);
  request.set_variant(options.table.variant);
  request.set_reason(options.reason);
  return request;
}

absl::Status RunPublish(const Options& options) {
  auto request = MakeRequest<v1::PublishSnapshotRequest>(options);
  request.set_snapshot_id(options.snapshot_id);
  request.set_force(options.force);
  return FollowLoad(options.server, options.json,
                    [&](v1::SnapshotAdmin::Stub& stub, grpc::ClientContext* context) {
                      return stub.PublishSnapshot(context, request);
                    });
}

absl::Status RunRollback(const Options& options) {
  auto request = MakeRequest<v1::RollbackRequest>(options);
  request.set_snapshot_id(options.snapshot_id);
  return FollowLoad(options.server, options.json,
                    [&](v1::SnapshotAdmin::Stub& stub, grpc::ClientContext* context) {
                      return stub.Rollback(context, request);
                    });
}

// What pin and unpin print.
void PrintOutcome(const Options& options, const google::protobuf::Message& response,
                  absl::string_view text) {
  if (options.json) {
    PrintJson(MessageToJson(response));
    return;
  }
  const std::string line =
      absl::StrCat(options.table.score_set, "/", options.table.variant, ": ", text, "\n");
  fputs(line.c_str(), stdout);
}

absl::Status RunPin(const Options& options) {
  auto request = MakeRequest<v1::PinRequest>(options);
  request.set_snapshot_id(options.snapshot_id);
  OASIS_ASSIGN_OR_RETURN(const v1::PinResponse response,
                         CallAdmin(options.server, &v1::SnapshotAdmin::Stub::Pin, request));
  PrintOutcome(options, response,
               absl::StrCat("pinned to ", response.snapshot_id(),
                            "; other snapshots are refused until `oasis snapshot unpin`",
                            response.live() ? ""
                                            : ". It is not live: `oasis snapshot publish` makes it "
                                              "so, until then requests see what they saw"));
  return absl::OkStatus();
}

absl::Status RunUnpin(const Options& options) {
  const auto request = MakeRequest<v1::UnpinRequest>(options);
  OASIS_ASSIGN_OR_RETURN(const v1::UnpinResponse response,
                         CallAdmin(options.server, &v1::SnapshotAdmin::Stub::Unpin, request));
  PrintOutcome(options, response, "takes new snapshots again");
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotPublishCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "publish", "Make a snapshot that the server keeps live",
                      "oasis snapshot publish 20260131-monday --server 127.0.0.1:50052",
                      &AddPublishFlags, &RunPublish);
}

void AddSnapshotRollbackCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "rollback",
                      "Make the snapshot live that was live before the present one",
                      "oasis snapshot rollback --reason 'scores of SE look wrong'",
                      &AddRollbackFlags, &RunRollback);
}

void AddSnapshotPinCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "pin", "Keep one snapshot live, whatever arrives",
                      "oasis snapshot pin 20260131-monday --reason 'holiday freeze'", &AddPinFlags,
                      &RunPin);
}

void AddSnapshotUnpinCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "unpin", "Take new snapshots again",
                      "oasis snapshot unpin --reason 'holiday is over'", &AddFlags, &RunUnpin);
}

}  // namespace oasis
