#include <stdio.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/override_commands.h"
#include "apps/ids_file.h"
#include "apps/message_json.h"
#include "apps/override_text.h"
#include "apps/text.h"
#include "oasis/gid.h"
#include "oasis/status.h"
#include "oasis/v1/override_admin.grpc.pb.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct PutOptions {
  Peer server;
  v1::Override override;
  bool suppress = false;
  std::string item;
  std::string items;  // a file of them
  std::string campaign;
  std::string licensor;
  OverrideEnd end;
  bool json = false;
};

void AddPutFlags(CLI::App& command, PutOptions& options) {
  AddAdminServerFlag(command, options.server);
  CLI::Option_group& action = *command.add_option_group("action");
  action.add_flag("--suppress", options.suppress, "No promotion: score 0, in all signals");
  action
      .add_option_function<float>(
          "--cap",
          [&options](float score) {
            options.override.set_action(v1::Override::ACTION_CAP);
            options.override.set_score(score);
          },
          "At most this score")
      ->type_name("SCORE");
  action
      .add_option_function<float>(
          "--set",
          [&options](float score) {
            options.override.set_action(v1::Override::ACTION_SET);
            options.override.set_score(score);
          },
          "This score itself, also where the item has none")
      ->type_name("SCORE");
  action.require_option(1);
  CLI::Option_group& about = *command.add_option_group("about");
  about.add_option("--item", options.item, "Of this item")->type_name("URI");
  CLI::Option* const items =
      about
          .add_option("--items", options.items,
                      "Of each item of a file (a URI a line, or the first column of a CSV; - is "
                      "stdin): an override each, all of them or none")
          ->type_name("FILE");
  about.add_option("--campaign", options.campaign, "Of all rows of this campaign")
      ->type_name("NAME");
  about.add_option("--licensor", options.licensor, "Of all campaigns of this licensor")
      ->type_name("NAME");
  about.require_option(1);
  const auto name = [&command](const char* flag, std::string* value, const char* text) {
    command.add_option(flag, *value, text)->type_name("NAME");
  };
  name("--score-set", options.override.mutable_score_set(), "Only in this score set");
  name("--surface", options.override.mutable_surface(), "Only on this surface");
  name("--market", options.override.mutable_market(), "Only in this market");
  name("--signal", options.override.mutable_signal(), "Of this signal (promotion unless given)");
  AddOverrideEndFlags(command, options.end);
  AddOverrideReasonFlag(command, *options.override.mutable_reason());
  command
      .add_option("--id", *options.override.mutable_id(),
                  "Its name; replaces the one of that name (made up unless given)")
      ->type_name("ID")
      ->excludes(items);
  AddJsonFlag(command, options.json);
}

// All of a file, so that a bad line is told before anything is put.
absl::StatusOr<std::vector<std::string>> ReadItems(const std::string& file) {
  std::vector<std::string> uris;
  OASIS_RETURN_IF_ERROR(ForEachId(file, [&uris](absl::string_view uri) {
    uris.emplace_back(uri);
    return ParseItemUri(uri).status();
  }));
  return uris;
}

// All of them hold when it returns, or none.
absl::Status PutBatch(const PutOptions& options, const v1::Override& decision) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<std::string> uris, ReadItems(options.items));
  v1::PutOverrideBatchRequest request;
  *request.mutable_decision() = decision;
  SetOverrideEnd(options.end, request, *request.mutable_decision());
  request.mutable_item_uris()->Add(uris.begin(), uris.end());
  OASIS_ASSIGN_OR_RETURN(
      const v1::PutOverrideBatchResponse response,
      CallAdmin(options.server, &v1::OverrideAdmin::Stub::PutOverrideBatch, request));
  WarnOfOverride(response.warning());
  if (options.json) {
    PrintJson(MessageToJson(response));
    return absl::OkStatus();
  }
  const std::string text = absl::StrCat(
      "batch ", response.batch(), ": ", OverrideActionText(decision), ", ",
      FormatCount(response.size()), " items, on ", OverrideWhereText(decision), ", until ",
      FormatInstant(GetTime(response.expires())),
      "\nholds now; end it early with `oasis override delete --batch ", response.batch(), "`\n");
  fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

absl::Status RunPut(const PutOptions& options) {
  v1::PutOverrideRequest request;
  v1::Override& override = *request.mutable_override();
  override = options.override;
  if (options.suppress) override.set_action(v1::Override::ACTION_SUPPRESS);
  if (!options.item.empty()) override.set_item_uri(options.item);
  if (!options.campaign.empty()) override.set_campaign(options.campaign);
  if (!options.licensor.empty()) override.set_licensor(options.licensor);
  if (!options.items.empty()) return PutBatch(options, override);
  SetOverrideEnd(options.end, request, override);
  OASIS_ASSIGN_OR_RETURN(const v1::PutOverrideResponse response,
                         CallAdmin(options.server, &v1::OverrideAdmin::Stub::PutOverride, request));
  WarnOfOverride(response.warning());
  if (options.json) {
    PrintJson(MessageToJson(response));
    return absl::OkStatus();
  }
  const v1::Override& put = response.override();
  const std::string text =
      absl::StrCat(put.id(), response.replaced() ? " replaced: " : ": ", OverrideActionText(put),
                   ", ", OverrideAboutText(put), ", on ", OverrideWhereText(put), ", until ",
                   FormatInstant(GetTime(put.expires())),
                   response.about().empty() ? "\nholds now" : "\nholds now, for ", response.about(),
                   "; end it early with `oasis override delete ", put.id(), "`\n");
  fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddOverridePutCommand(CLI::App& parent, Action& action) {
  AddCommand<PutOptions>(parent, action, "put",
                         "Make an override hold from now on; the next request sees it",
                         "oasis override put --suppress --licensor acme --market SE --for 48h "
                         "--reason 'rights dispute, ticket 12'",
                         &AddPutFlags, &RunPut);
}

}  // namespace oasis
