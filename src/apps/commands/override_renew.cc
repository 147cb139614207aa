#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/override_commands.h"
#include "apps/message_json.h"
#include "apps/text.h"
#include "oasis/status.h"
#include "oasis/v1/override_admin.grpc.pb.h"

namespace oasis {
namespace {

struct RenewOptions {
  Peer server;
  std::string id;
  std::string batch;
  std::string reason;
  OverrideEnd end;
  bool json = false;
};

void AddRenewFlags(CLI::App& command, RenewOptions& options) {
  AddOverrideWhichFlags(command, options.id, options.batch);
  AddAdminServerFlag(command, options.server);
  AddOverrideEndFlags(command, options.end);
  AddOverrideReasonFlag(command, options.reason);
  AddJsonFlag(command, options.json);
}

absl::Status RunRenew(const RenewOptions& options) {
  v1::RenewOverridesRequest request;
  if (options.batch.empty()) {
    request.set_id(options.id);
  } else {
    request.set_batch(options.batch);
  }
  SetOverrideEnd(options.end, request, request);
  request.set_reason(options.reason);
  OASIS_ASSIGN_OR_RETURN(
      const v1::RenewOverridesResponse response,
      CallAdmin(options.server, &v1::OverrideAdmin::Stub::RenewOverrides, request));
  WarnOfOverride(response.warning());
  if (options.json) {
    PrintJson(MessageToJson(response));
    return absl::OkStatus();
  }
  const std::string text =
      absl::StrCat(options.batch.empty() ? options.id : absl::StrCat("batch ", options.batch),
                   " is renewed: ", FormatCount(response.size()),
                   response.size() == 1 ? " override" : " overrides", ", until ",
                   FormatInstant(GetTime(response.expires())), "\n");
  fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddOverrideRenewCommand(CLI::App& parent, Action& action) {
  AddCommand<RenewOptions>(parent, action, "renew",
                           "Make an override, or a batch, hold until another time",
                           "oasis override renew --batch 20260131-120000 --for 24h "
                           "--reason 'not settled yet'",
                           &AddRenewFlags, &RunRenew);
}

}  // namespace oasis
