#include <stdio.h>

#include <string>

#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/message_json.h"
#include "apps/text.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct Options {
  std::string server;
  int limit = 20;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  AddAdminServerFlag(command, options.server);
  command.add_option("--limit", options.limit, "Newest entries to show")
      ->check(CLI::Range(1, kMaxJournalEntries))
      ->capture_default_str();
  AddJsonFlag(command, options.json);
}

absl::Status Run(const Options& options) {
  v1::ListJournalRequest request;
  request.set_limit(options.limit);
  OASIS_ASSIGN_OR_RETURN(const v1::ListJournalResponse journal,
                         CallAdmin(options.server, &v1::SnapshotAdmin::Stub::ListJournal, request));
  if (options.json) {
    PrintJson(MessageToJson(journal));
    return absl::OkStatus();
  }
  TextTable table(
      {">#", "time", "who", "action", "score set", "variant", "snapshot", "outcome", "detail"});
  for (const v1::JournalEntry& entry : journal.entries()) {
    table.Add({std::to_string(entry.sequence()), FormatInstant(GetTime(entry.time())),
               entry.actor(), entry.action(), entry.score_set(), entry.variant(),
               entry.snapshot_id(), entry.outcome(), entry.detail()});
  }
  fputs(table.Text().c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddJournalCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "journal",
                      "Show who loaded, published, rolled back and pinned what, newest first",
                      "oasis journal --server 127.0.0.1:50052 --limit 50", &AddFlags, &Run);
}

}  // namespace oasis
