#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/enum_word.h"
#include "apps/message_json.h"
#include "oasis/status.h"
#include "oasis/v1/server_admin.grpc.pb.h"

namespace oasis {
namespace {

struct Options {
  Peer server;
  v1::LogLevel level = v1::LOG_LEVEL_UNSPECIFIED;
  std::string reason;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  AddChoiceFlag<v1::LogLevel>(command, "level", options.level,
                              {{"debug", v1::LOG_LEVEL_DEBUG},
                               {"info", v1::LOG_LEVEL_INFO},
                               {"warning", v1::LOG_LEVEL_WARNING},
                               {"error", v1::LOG_LEVEL_ERROR}},
                              "Lowest level to log from now on (unless given, it is only shown)");
  command.add_option("--reason", options.reason, "Why, for the journal")->type_name("TEXT");
  AddAdminServerFlag(command, options.server);
  AddJsonFlag(command, options.json);
}

void Print(const Options& options, const google::protobuf::Message& response,
           const std::string& text) {
  if (options.json) return PrintJson(MessageToJson(response));
  fputs(absl::StrCat(text, "\n").c_str(), stdout);
}

absl::Status Show(const Options& options) {
  OASIS_ASSIGN_OR_RETURN(
      const v1::GetLogLevelResponse response,
      CallAdmin(options.server, &v1::ServerAdmin::Stub::GetLogLevel, v1::GetLogLevelRequest()));
  Print(options, response, EnumWord(response.level()));
  return absl::OkStatus();
}

absl::Status Change(const Options& options) {
  v1::SetLogLevelRequest request;
  request.set_level(options.level);
  request.set_reason(options.reason);
  OASIS_ASSIGN_OR_RETURN(const v1::SetLogLevelResponse response,
                         CallAdmin(options.server, &v1::ServerAdmin::Stub::SetLogLevel, request));
  Print(options, response,
        absl::StrCat(EnumWord(options.level), " instead of ", EnumWord(response.before()),
                     ", until it is changed again or the server restarts"));
  if (response.warning().empty()) return absl::OkStatus();
  const std::string warning = absl::StrCat("oasis: ", response.warning(), "\n");
  fputs(warning.c_str(), stderr);
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  return options.level == v1::LOG_LEVEL_UNSPECIFIED ? Show(options) : Change(options);
}

}  // namespace

void AddLogLevelCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "log-level",
                      "Show or change the lowest level that a running server logs",
                      "oasis log-level debug --reason 'who sends bad ids?'", &AddFlags, &Run);
}

}  // namespace oasis
