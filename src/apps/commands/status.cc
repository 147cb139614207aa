#include "oasis/status.h"

#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/message_json.h"
#include "apps/text.h"
#include "oasis/v1/override_admin.grpc.pb.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct Options {
  Peer server;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  AddAdminServerFlag(command, options.server);
  AddJsonFlag(command, options.json);
}

// How many hold: the list after the last of all ids has none of them, but says it.
absl::StatusOr<int> CountOverrides(const Peer& server) {
  v1::ListOverridesRequest request;
  request.set_after_id("~");
  OASIS_ASSIGN_OR_RETURN(const v1::ListOverridesResponse list,
                         CallAdmin(server, &v1::OverrideAdmin::Stub::ListOverrides, request));
  return list.total();
}

void Print(const std::string& server, const v1::GetStatusResponse& status, int overrides) {
  std::string text = absl::StrCat(
      "oasis ", status.version(), " at ", server, ", up ",
      FormatSpan(absl::Now() - GetTime(status.started())), ", ",
      status.watching().empty() ? "watching nothing" : absl::StrCat("watching ", status.watching()),
      "\n");
  TextTable table({"score set", "variant", "snapshot", ">age", ">items", ">rows", ">memory",
                   "huge pages", "pinned to"});
  for (const v1::LiveTable& live : status.tables()) {
    table.Add({live.score_set(), live.variant(), live.snapshot_id(),
               absl::StrCat(FormatSpan(GetDuration(live.age())), live.stale() ? " STALE" : ""),
               FormatCount(live.items()), FormatCount(live.rows()),
               FormatBytes(live.resident_bytes()), live.huge_pages() ? "yes" : "no",
               live.pinned_snapshot_id().empty() ? "-" : live.pinned_snapshot_id()});
  }
  absl::StrAppend(&text, status.tables().empty()
                             ? "no table is live; load one: oasis snapshot load DIR\n"
                             : table.Text());
  if (overrides > 0) {
    absl::StrAppend(&text, FormatCount(overrides),
                    overrides == 1 ? " override holds" : " overrides hold",
                    " on top of it: oasis override list\n");
  }
  fputs(text.c_str(), stdout);
}

absl::Status Run(const Options& options) {
  OASIS_ASSIGN_OR_RETURN(
      const v1::GetStatusResponse status,
      CallAdmin(options.server, &v1::SnapshotAdmin::Stub::GetStatus, v1::GetStatusRequest()));
  if (options.json) {
    PrintJson(MessageToJson(status));
    return absl::OkStatus();
  }
  OASIS_ASSIGN_OR_RETURN(const int overrides, CountOverrides(options.server));
  Print(options.server.address, status, overrides);
  return absl::OkStatus();
}

}  // namespace

void AddStatusCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "status", "Show what a server serves",
                      "oasis status --server 127.0.0.1:50052", &AddFlags, &Run);
}

}  // namespace oasis
