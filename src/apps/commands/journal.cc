#include <stdio.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/message_json.h"
#include "apps/text.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "oasis/store.h"
#include "rpc/time.h"

namespace oasis {
namespace {

constexpr int kShown = 20;

struct Options {
  Peer server;
  std::optional<int> limit;
  v1::ListJournalRequest request;
  absl::Time since = absl::InfinitePast();
  absl::Time until = absl::InfinitePast();
  bool failed = false;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  AddAdminServerFlag(command, options.server);
  command
      .add_option("--limit", options.limit,
                  absl::StrCat("Newest entries to show (", kShown,
                               " unless given; with --json or --since all)"))
      ->check(CLI::Range(1, kMaxJournalEntries));
  const auto only = [&command](const char* flag, std::string* value, const std::string& text) {
    command.add_option(flag, *value, text)->type_name("WORD");
  };
  v1::ListJournalRequest& request = options.request;
  only("--actor", request.mutable_actor(), "Only of who has this in their name");
  only("--action", request.mutable_action(),
       absl::StrCat("Only this: ", absl::StrJoin(kJournalActions, ", ")));
  only("--score-set", request.mutable_score_set(), "Only of this score set");
  only("--variant", request.mutable_variant(), "Only of this variant");
  only("--id", request.mutable_snapshot_id(), "Only of this snapshot");
  AddTimeFlag(command, "--since", options.since, "Only from then on; or since how long ago: 1h, 7d")
      ->transform(Ago());
  AddTimeFlag(command, "--until", options.until, "Only before then; likewise")->transform(Ago());
  command.add_flag("--failed", options.failed, "Only what did not go well");
  AddJsonFlag(command, options.json);
}

// So many, newest first, a message at a time.
absl::StatusOr<v1::ListJournalResponse> ListUpTo(int most, const Peer& server,
                                                 v1::ListJournalRequest request) {
  v1::ListJournalResponse all;
  while (all.entries_size() < most) {
    request.set_limit(most - all.entries_size());
    OASIS_ASSIGN_OR_RETURN(const v1::ListJournalResponse some,
                           CallAdmin(server, &v1::SnapshotAdmin::Stub::ListJournal, request));
    // A server of an earlier version tells the newest ones again.
    if (some.entries().empty() ||
        (!all.entries().empty() && some.entries(0).sequence() >= request.before_sequence())) {
      break;
    }
    all.mutable_entries()->MergeFrom(some.entries());
    request.set_before_sequence(some.entries().rbegin()->sequence());
  }
  return all;
}

absl::Status Run(const Options& options) {
  v1::ListJournalRequest request = options.request;
  if (options.failed) request.set_outcome("failed");
  if (options.since != absl::InfinitePast()) {
    SetTimestamp(options.since, request.mutable_since());
  }
  if (options.until != absl::InfinitePast()) {
    SetTimestamp(options.until, request.mutable_until());
  }
  const bool all = options.json || options.since != absl::InfinitePast();
  const int most = options.limit.value_or(all ? kMaxJournalEntries : kShown);
  // One more, to know whether there is one.
  OASIS_ASSIGN_OR_RETURN(
      v1::ListJournalResponse journal,
      ListUpTo(std::min(most + 1, kMaxJournalEntries), options.server, std::move(request)));
  if (journal.entries_size() > most) {
    journal.mutable_entries()->RemoveLast();
    fputs("oasis: there are older entries: see them with a larger --limit\n", stderr);
  }
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
  AddCommand<Options>(
      parent, action, "journal",
      "Show who loaded, published, rolled back, pinned and overrode what, newest first",
      "oasis journal --failed --since 2026-01-31T00:00:00Z --limit 50", &AddFlags, &Run);
}

}  // namespace oasis
