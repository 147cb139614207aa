#include "apps/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace oasis {
namespace {

std::string OsUser() {
  std::array<char, 4096> buffer;
  passwd entry = {};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return entry.pw_name;
  }
  return absl::StrCat("uid-", geteuid());
}

// gRPC says "failed to connect to all addresses; last error: …: Connection refused".
absl::string_view LastClause(absl::string_view message) {
  const size_t colon = message.rfind(": ");
  return colon == absl::string_view::npos ? message : message.substr(colon + 2);
}

}  // namespace

grpc::ChannelArguments DirectChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

std::shared_ptr<grpc::Channel> OpenChannel(const Peer& peer) {
  return grpc::CreateCustomChannel(peer.address, grpc::InsecureChannelCredentials(),
                                   DirectChannel());
}

void SetUp(grpc::ClientContext& context, absl::Duration patience) {
  std::string user = OsUser();
  for (char& c : user) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) c = '?';  // metadata is ASCII
  }
  context.AddMetadata("x-oasis-actor", user);
  if (patience != absl::InfiniteDuration()) {
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(patience));
  }
}

absl::Status CallStatus(const grpc::Status& status, const Peer& peer) {
  if (status.ok()) return absl::OkStatus();
  const std::string& message = status.error_message();
  const char* flag = peer.admin ? "--admin-listen" : "--listen";
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      // gRPC's own words when there is no connection; a server's refusal has the server's words.
      if (absl::StrContains(message, "connect") || absl::StrContains(message, "DNS") ||
          absl::StrContains(message, "resolution")) {
        return absl::UnavailableError(absl::StrCat(
            "cannot reach a server at ", peer.address, ": ", LastClause(message),
            "; check that `oasis serve` runs and that --server is its ", flag, " address"));
      }
      break;
    case grpc::StatusCode::UNIMPLEMENTED:
      if (!message.empty()) break;  // our server's words: an unknown format version, say
      return absl::UnimplementedError(absl::StrCat(
          "the server at ", peer.address, " does not have this call; check that ",
          "--server is its ", flag, " address, and that it is as new as this program"));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError(
          absl::StrCat("the server at ", peer.address, " did not answer in time (", message,
                       "); it is overloaded or the network is; try again, or look at its log"));
    case grpc::StatusCode::CANCELLED:
      return absl::AbortedError(
          absl::StrCat("the server at ", peer.address, " ended the call: ", message));
    default:
      break;
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(message, " (said by ", peer.address, ")"));
}

}  // namespace oasis
