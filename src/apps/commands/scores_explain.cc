#include <stdio.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "apps/commands/scores.h"
#include "apps/enum_word.h"
#include "apps/message_json.h"
#include "apps/override_text.h"
#include "apps/text.h"
#include "oasis/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct Options {
  AskFlags ask;
  std::string uri;
  std::string signal;
};

void AddFlags(CLI::App& command, Options& options) {
  command.add_option("uri", options.uri, "The item, as spotify:track:6rqhFgbbKwnb9MLmUQDhG6")
      ->required();
  command.add_option("--signal", options.signal, "Column to explain (promotion unless given)");
  AddAskFlags(command, options.ask);
}

// The row that answered, and what that means.
std::string DescribeMatch(const v1::ExplainPromotionScoreResponse& answer) {
  const v1::Context& context = answer.matched_context();
  const std::string row =
      absl::StrCat(context.surface(), "/", context.market(), "/", context.cohort());
  switch (answer.match_level()) {
    case v1::MATCH_LEVEL_SURFACE_MARKET_COHORT:
      return row + " (this surface, market and cohort)";
    case v1::MATCH_LEVEL_SURFACE_MARKET:
      return row + " (this surface and market, any cohort)";
    case v1::MATCH_LEVEL_SURFACE_COHORT:
      return row + " (this surface and cohort, any market)";
    case v1::MATCH_LEVEL_SURFACE:
      return row + " (this surface, any market and cohort)";
    default:
      return "none: the item has no row that holds in this context";
  }
}

std::string DescribeCampaign(const v1::Campaign& campaign) {
  return absl::StrCat(
      campaign.name(), campaign.licensor().empty() ? "" : " of " + campaign.licensor(), ", ",
      campaign.has_starts_at() ? "from " + FormatInstant(GetTime(campaign.starts_at()))
                               : "from ever",
      campaign.has_ends_at() ? " to " + FormatInstant(GetTime(campaign.ends_at())) : ", no end");
}

// "value +0.8120, caps -0.2000": terms that are not 0, the weightiest first.
std::string DescribeTerms(const v1::ExplainPromotionScoreResponse& answer) {
  std::vector<v1::ScoreTerm> terms(answer.terms().begin(), answer.terms().end());
  std::stable_sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) {
    return std::abs(a.score()) > std::abs(b.score());
  });
  std::vector<std::string> parts;
  for (const v1::ScoreTerm& term : terms) {
    if (term.score() != 0) parts.push_back(absl::StrFormat("%s %+.4f", term.name(), term.score()));
  }
  return parts.empty() ? "all terms are 0" : absl::StrJoin(parts, ", ");
}

void Print(const Options& options, const v1::ExplainPromotionScoreResponse& answer) {
  std::string text = absl::StrCat("item      ", options.uri, "\n");
  absl::StrAppend(&text, "status    ", EnumWord(answer.status()), "\n");
  absl::StrAppend(&text, "score     ", absl::StrFormat("%+.4f", answer.score()),
                  answer.score() == 0 ? " (neutral)" : " on the ranking logit", "\n");
  absl::StrAppend(&text, "row       ", DescribeMatch(answer), "\n");
  if (answer.match_level() != v1::MATCH_LEVEL_NONE) {
    absl::StrAppend(&text, absl::StrFormat("raw       %+.6f = %d * %g / 32767\n",
                                           answer.raw_score(), answer.quantised(), answer.scale()));
    if (!answer.terms().empty()) absl::StrAppend(&text, "because   ", DescribeTerms(answer), "\n");
    absl::StrAppend(&text, "campaign  ",
                    answer.has_campaign() ? DescribeCampaign(answer.campaign()) : "none", "\n");
  }
  for (const v1::Override& override : answer.overrides()) {
    absl::StrAppend(&text, "override  ", override.id(), ": ", OverrideActionText(override), ", ",
                    OverrideAboutText(override), ", on ", OverrideWhereText(override), ", until ",
                    FormatInstant(GetTime(override.expires())), ", by ", override.author(), ": ",
                    override.reason(), "\n");
  }
  absl::StrAppend(
      &text, DescribeSnapshot(options.ask.table.score_set, answer.variant(), answer.snapshot()));
  fputs(text.c_str(), stdout);
}

absl::Status Run(const Options& options) {
  auto request = MakeAsk<v1::ExplainPromotionScoreRequest>(options.ask);
  request.set_item_uri(options.uri);
  request.set_signal(options.signal);
  OASIS_ASSIGN_OR_RETURN(const auto channel, OpenChannel(options.ask.server));
  v1::PromotionScores::Stub stub(channel);
  grpc::ClientContext context;
  SetUp(context);
  v1::ExplainPromotionScoreResponse answer;
  const grpc::Status status = stub.ExplainPromotionScore(&context, request, &answer);
  if (!status.ok()) return CallStatus(status, context, options.ask.server);
  if (options.ask.json) {
    PrintJson(MessageToJson(answer));
  } else {
    Print(options, answer);
  }
  return absl::OkStatus();
}

}  // namespace

void AddScoresExplainCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(
      parent, action, "explain", "Say why an item has the score it has in one context",
      "oasis scores explain --surface radio --market SE spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
      &AddFlags, &Run);
}

}  // namespace oasis
