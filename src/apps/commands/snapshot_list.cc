#include <stdio.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/message_json.h"
#include "apps/text.h"
#include "oasis/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct Options {
  Peer server;
  v1::ListSnapshotsRequest request;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  AddAdminServerFlag(command, options.server);
  command.add_option("--score-set", *options.request.mutable_score_set(),
                     "Only of this score set (all unless given)");
  command.add_option("--variant", *options.request.mutable_variant(),
                     "Only of this variant (all unless given)");
  AddJsonFlag(command, options.json);
}

// Nothing when none is.
std::string RejectedText(const v1::ListSnapshotsResponse& list) {
  if (list.rejected().empty()) return "";
  TextTable table({"score set", "variant", "rejected", "why"});
  for (const v1::RejectedSnapshot& one : list.rejected()) {
    table.Add({one.score_set(), one.variant(), one.id(),
               one.rolled_back() ? "rolled back from" : "guardrails blocked it as it was"});
  }
  return absl::StrCat(
      "\nThese come no more by themselves. A load or publish by hand takes one (what guardrails "
      "blocked: with --force --reason), and ends that:\n",
      table.Text());
}

absl::Status Run(const Options& options) {
  OASIS_ASSIGN_OR_RETURN(
      const v1::ListSnapshotsResponse list,
      CallAdmin(options.server, &v1::SnapshotAdmin::Stub::ListSnapshots, options.request));
  if (options.json) {
    PrintJson(MessageToJson(list));
    return absl::OkStatus();
  }
  TextTable table(
      {"score set", "variant", "snapshot", "", "created", "published", ">items", ">rows", ">disk"});
  for (const v1::StoredSnapshot& snapshot : list.snapshots()) {
    std::vector<std::string> states;
    if (snapshot.live()) states.emplace_back("live");
    if (snapshot.pinned()) states.emplace_back("pinned");
    if (snapshot.withdrawn()) states.emplace_back("withdrawn");
    table.Add({snapshot.score_set(), snapshot.variant(), snapshot.id(), absl::StrJoin(states, ", "),
               FormatInstant(GetTime(snapshot.created())),
               snapshot.has_published() ? FormatInstant(GetTime(snapshot.published())) : "never",
               FormatCount(snapshot.items()), FormatCount(snapshot.rows()),
               FormatBytes(snapshot.disk_bytes())});
  }
  fputs(absl::StrCat(table.Text(), RejectedText(list)).c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotListCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "list", "List the snapshots a server keeps",
                      "oasis snapshot list --server 127.0.0.1:50052", &AddFlags, &Run);
}

}  // namespace oasis
