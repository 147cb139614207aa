// override list | delete, the command above them, and what all of them have in common.
#include <stdio.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/override_commands.h"
#include "apps/message_json.h"
#include "apps/override_text.h"
#include "apps/text.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "oasis/v1/override_admin.grpc.pb.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct DeleteOptions {
  Peer server;
  std::string id;
  std::string batch;
  std::string reason;
  bool json = false;
};

void AddDeleteFlags(CLI::App& command, DeleteOptions& options) {
  AddOverrideWhichFlags(command, options.id, options.batch);
  AddAdminServerFlag(command, options.server);
  AddOverrideReasonFlag(command, options.reason);
  AddJsonFlag(command, options.json);
}

absl::Status DeleteBatch(const DeleteOptions& options) {
  v1::DeleteOverrideBatchRequest request;
  request.set_batch(options.batch);
  request.set_reason(options.reason);
  OASIS_ASSIGN_OR_RETURN(
      const v1::DeleteOverrideBatchResponse response,
      CallAdmin(options.server, &v1::OverrideAdmin::Stub::DeleteOverrideBatch, request));
  WarnOfOverride(response.warning());
  if (options.json) {
    PrintJson(MessageToJson(response));
  } else {
    const std::string text = absl::StrCat(
        "batch ", options.batch, " is gone: ", FormatCount(response.size()), " overrides\n");
    fputs(text.c_str(), stdout);
  }
  return absl::OkStatus();
}

absl::Status RunDelete(const DeleteOptions& options) {
  if (!options.batch.empty()) return DeleteBatch(options);
  v1::DeleteOverrideRequest request;
  request.set_id(options.id);
  request.set_reason(options.reason);
  OASIS_ASSIGN_OR_RETURN(
      const v1::DeleteOverrideResponse response,
      CallAdmin(options.server, &v1::OverrideAdmin::Stub::DeleteOverride, request));
  WarnOfOverride(response.warning());
  if (options.json) {
    PrintJson(MessageToJson(response));
    return absl::OkStatus();
  }
  const std::string text =
      absl::StrCat(options.id, " is gone: ", OverrideActionText(response.override()), ", ",
                   OverrideAboutText(response.override()), "\n");
  fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

struct ListOptions {
  Peer server;
  bool json = false;
};

void AddListFlags(CLI::App& command, ListOptions& options) {
  AddAdminServerFlag(command, options.server);
  AddJsonFlag(command, options.json);
}

// All of them, a message at a time; by when they end.
absl::StatusOr<v1::ListOverridesResponse> ListAll(const Peer& server) {
  v1::ListOverridesResponse all;
  v1::ListOverridesRequest request;
  for (;;) {
    OASIS_ASSIGN_OR_RETURN(const v1::ListOverridesResponse some,
                           CallAdmin(server, &v1::OverrideAdmin::Stub::ListOverrides, request));
    if (some.overrides().empty()) break;
    all.mutable_overrides()->MergeFrom(some.overrides());
    request.set_after_id(some.overrides().rbegin()->id());
  }
  std::stable_sort(all.mutable_overrides()->begin(), all.mutable_overrides()->end(),
                   [](const v1::Override& a, const v1::Override& b) {
                     return GetTime(a.expires()) < GetTime(b.expires());
                   });
  all.set_total(all.overrides_size());
  return all;
}

absl::Status RunList(const ListOptions& options) {
  OASIS_ASSIGN_OR_RETURN(const v1::ListOverridesResponse list, ListAll(options.server));
  if (options.json) {
    PrintJson(MessageToJson(list));
    return absl::OkStatus();
  }
  if (list.overrides().empty()) {
    fputs("no overrides: every score is as its snapshot has it\n", stdout);
    return absl::OkStatus();
  }
  TextTable table({"id", "action", "about", "where", "until", "author", "reason"});
  for (const v1::Override& override : list.overrides()) {
    table.Add({override.id(), OverrideActionText(override), OverrideAboutText(override),
               OverrideWhereText(override), FormatInstant(GetTime(override.expires())),
               override.author(), override.reason()});
  }
  fputs(table.Text().c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddOverrideEndFlags(CLI::App& command, OverrideEnd& end) {
  CLI::Option_group& flags = *command.add_option_group("end");
  AddDurationFlag(flags, "--for", end.lasts, "How long it holds from now on, at most 90d")
      ->default_str("");
  AddTimeFlag(flags, "--until", end.until, "When it ends");
  flags.require_option(1);
}

void AddOverrideWhichFlags(CLI::App& command, std::string& id, std::string& batch) {
  CLI::Option_group& what = *command.add_option_group("what");
  what.add_option("id", id, "The override, as `oasis override list` names it")->type_name("ID");
  what.add_option("--batch", batch, "All those of a batch, as `override put --items` named it")
      ->type_name("ID");
  what.require_option(1);
}

void AddOverrideReasonFlag(CLI::App& command, std::string& reason) {
  command.add_option("--reason", reason, "Why")->required()->type_name("TEXT");
}

void WarnOfOverride(const std::string& warning) {
  if (!warning.empty()) fputs(absl::StrCat("warning: ", warning, "\n").c_str(), stderr);
}

void AddOverrideCommands(CLI::App& parent, Action& action) {
  CLI::App& commands = *parent.add_subcommand(
      "override", "Suppress, cap or set scores by hand, on top of every snapshot");
  commands.require_subcommand(1);
  AddOverridePutCommand(commands, action);
  AddOverrideRenewCommand(commands, action);
  AddCommand<ListOptions>(commands, action, "list", "Show the overrides that hold",
                          "oasis override list --server 127.0.0.1:50052", &AddListFlags, &RunList);
  AddCommand<DeleteOptions>(commands, action, "delete", "End an override before its time",
                            "oasis override delete 20260131-120000 --reason 'dispute is settled'",
                            &AddDeleteFlags, &RunDelete);
}

}  // namespace oasis
