#include "serving/health.h"

#include <grpc/health/v1/health.grpc.pb.h>
#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "apps/client.h"
#include "apps/commands/flags.h"
#include "oasis/status.h"

namespace oasis {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

struct Options {
  Peer server;
  std::string service{kServingName};
};

void AddFlags(CLI::App& command, Options& options) {
  AddServingServerFlag(command, options.server);
  command
      .add_option("--service", options.service,
                  absl::StrCat("The name whose health is asked for; ", kFreshName,
                               " wants fresh scores, too"))
      ->type_name("NAME")
      ->capture_default_str();
}

absl::Status Run(const Options& options) {
  OASIS_ASSIGN_OR_RETURN(const auto channel, OpenChannel(options.server));
  grpc::ClientContext context;
  SetUp(context);
  HealthCheckRequest request;
  request.set_service(options.service);
  HealthCheckResponse response;
  const grpc::Status status = Health::NewStub(channel)->Check(&context, request, &response);
  if (!status.ok()) return CallStatus(status, context, options.server);
  const std::string word = HealthCheckResponse::ServingStatus_Name(response.status());
  if (response.status() != HealthCheckResponse::SERVING) {
    return absl::UnavailableError(absl::StrCat("'", options.service, "' is ", word, " at ",
                                               options.server.address,
                                               "; `oasis status` shows what is live"));
  }
  puts(word.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddHealthCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "health",
                      "Ask a server whether it serves, for probes: exit code 0 if it is SERVING, 1 "
                      "if not or if it cannot be asked, 2 if the command is wrong",
                      "oasis health --server 127.0.0.1:50051 --tls-ca ca.pem", &AddFlags, &Run);
}

}  // namespace oasis
