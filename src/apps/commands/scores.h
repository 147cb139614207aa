// What `oasis scores get` and `oasis scores explain` share.
#ifndef OASIS_APPS_COMMANDS_SCORES_H_
#define OASIS_APPS_COMMANDS_SCORES_H_

#include <string>

#include "apps/client.h"
#include "apps/commands/commands.h"
#include "apps/commands/flags.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"

namespace oasis {

struct AskFlags {
  Peer server;
  std::string surface;
  std::string market;
  std::string cohort;
  TableFlags table;
  bool json = false;
};
void AddAskFlags(CLI::App& command, AskFlags& ask);

// Fills what both requests have.
template <typename Request>
Request MakeAsk(const AskFlags& ask) {
  Request request;
  request.set_score_set(ask.table.score_set);
  request.set_variant(ask.table.variant);
  request.mutable_context()->set_surface(ask.surface);
  request.mutable_context()->set_market(ask.market);
  request.mutable_context()->set_cohort(ask.cohort);
  return request;
}

std::string DescribeSnapshot(const std::string& score_set, const std::string& variant,
                             const v1::SnapshotInfo& snapshot);

void AddScoresGetCommand(CLI::App& parent, Action& action);
void AddScoresExplainCommand(CLI::App& parent, Action& action);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_SCORES_H_
