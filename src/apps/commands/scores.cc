#include "apps/commands/scores.h"

#include "absl/strings/str_cat.h"
#include "apps/text.h"
#include "rpc/time.h"

namespace oasis {

void AddAskFlags(CLI::App& command, AskFlags& ask) {
  AddServingServerFlag(command, ask.server);
  command.add_option("--surface", ask.surface, "Where the items would be shown, as radio")
      ->required();
  command.add_option("--market", ask.market, "Country, as SE (any unless given)");
  command.add_option("--cohort", ask.cohort, "Listener group (any unless given)");
  AddTableFlags(command, ask.table);
  AddJsonFlag(command, ask.json);
}

std::string DescribeSnapshot(const std::string& score_set, const std::string& variant,
                             const v1::SnapshotInfo& snapshot) {
  return absl::StrCat("snapshot ", snapshot.id(), " of ", score_set, "/", variant, ", made ",
                      FormatInstant(GetTime(snapshot.created())), ", ",
                      FormatSpan(GetDuration(snapshot.age())), " old",
                      snapshot.stale() ? ", STALE" : "", "\n");
}

void AddScoresCommands(CLI::App& parent, Action& action) {
  CLI::App& scores = *parent.add_subcommand("scores", "Ask a server for scores, as PZN does");
  scores.require_subcommand(1);
  scores.footer(
      "Example:\n"
      "  oasis scores get --surface radio --market SE spotify:track:6rqhFgbbKwnb9MLmUQDhG6\n");
  AddScoresGetCommand(scores, action);
  AddScoresExplainCommand(scores, action);
}

}  // namespace oasis
