// override put | list | delete: what operators decide on top of every snapshot.
#include <stdio.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/message_json.h"
#include "apps/override_text.h"
#include "apps/text.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "oasis/v1/override_admin.grpc.pb.h"
#include "rpc/time.h"

namespace oasis {
namespace {

struct PutOptions {
  std::string server;
  v1::Override override;
  bool suppress = false;
  std::string item;
  std::string campaign;
  std::string licensor;
  absl::Duration lasts = absl::ZeroDuration();
  absl::Time until = absl::InfinitePast();
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
  CLI::Option_group& end = *command.add_option_group("end");
  AddDurationFlag(end, "--for", options.lasts, "How long it holds, at most 2160h (90 days)");
  AddTimeFlag(end, "--until", options.until, "When it ends");
  end.require_option(1);
  command.add_option("--reason", *options.override.mutable_reason(), "Why")
      ->required()
      ->type_name("TEXT");
  command
      .add_option("--id", *options.override.mutable_id(),
                  "Its name; replaces the one of that name (made up unless given)")
      ->type_name("ID");
  AddJsonFlag(command, options.json);
}

void Warn(const std::string& warning) {
  if (!warning.empty()) fputs(absl::StrCat("warning: ", warning, "\n").c_str(), stderr);
}

absl::Status RunPut(const PutOptions& options) {
  v1::PutOverrideRequest request;
  v1::Override& override = *request.mutable_override();
  override = options.override;
  if (options.suppress) override.set_action(v1::Override::ACTION_SUPPRESS);
  if (!options.item.empty()) override.set_item_uri(options.item);
  if (!options.campaign.empty()) override.set_campaign(options.campaign);
  if (!options.licensor.empty()) override.set_licensor(options.licensor);
  const absl::Time end =
      options.until != absl::InfinitePast() ? options.until : absl::Now() + options.lasts;
  SetTimestamp(end, override.mutable_expires());
  OASIS_ASSIGN_OR_RETURN(const v1::PutOverrideResponse response,
                         CallAdmin(options.server, &v1::OverrideAdmin::Stub::PutOverride, request));
  Warn(response.warning());
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

struct DeleteOptions {
  std::string server;
  std::string id;
  std::string reason;
  bool json = false;
};

void AddDeleteFlags(CLI::App& command, DeleteOptions& options) {
  command.add_option("id", options.id, "The override, as `oasis override list` names it")
      ->required()
      ->type_name("ID");
  AddAdminServerFlag(command, options.server);
  command.add_option("--reason", options.reason, "Why")->required()->type_name("TEXT");
  AddJsonFlag(command, options.json);
}

absl::Status RunDelete(const DeleteOptions& options) {
  v1::DeleteOverrideRequest request;
  request.set_id(options.id);
  request.set_reason(options.reason);
  OASIS_ASSIGN_OR_RETURN(
      const v1::DeleteOverrideResponse response,
      CallAdmin(options.server, &v1::OverrideAdmin::Stub::DeleteOverride, request));
  Warn(response.warning());
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
  std::string server;
  bool json = false;
};

void AddListFlags(CLI::App& command, ListOptions& options) {
  AddAdminServerFlag(command, options.server);
  AddJsonFlag(command, options.json);
}

// All of them, a message at a time; by when they end.
absl::StatusOr<v1::ListOverridesResponse> ListAll(const std::string& server) {
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

void AddOverrideCommands(CLI::App& parent, Action& action) {
  CLI::App& commands = *parent.add_subcommand(
      "override", "Suppress, cap or set scores by hand, on top of every snapshot");
  commands.require_subcommand(1);
  AddCommand<PutOptions>(commands, action, "put",
                         "Make an override hold from now on; the next request sees it",
                         "oasis override put --suppress --licensor acme --market SE --for 48h "
                         "--reason 'rights dispute, ticket 12'",
                         &AddPutFlags, &RunPut);
  AddCommand<ListOptions>(commands, action, "list", "Show the overrides that hold",
                          "oasis override list --server 127.0.0.1:50052", &AddListFlags, &RunList);
  AddCommand<DeleteOptions>(commands, action, "delete", "End an override before its time",
                            "oasis override delete 20260131-120000 --reason 'dispute is settled'",
                            &AddDeleteFlags, &RunDelete);
}

}  // namespace oasis
