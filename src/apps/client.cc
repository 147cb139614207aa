#include "apps/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/status.h"
#include "rpc/certificates.h"

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

// What to check, by what gRPC says of a connection that came to nothing.
std::string WhatToCheck(absl::string_view message, const Peer& peer) {
  const bool tls = !peer.tls.empty();
  if (tls && absl::StrContains(message, "wrong version number")) {
    return "it does not speak TLS: call it without --tls-ca (OASIS_CLIENT_TLS_CA)";
  }
  if (absl::StrContains(message, "certificate verify failed")) {
    return absl::StrCat("its certificate does not come from the CA in ", peer.tls.ca.string(),
                        ", or has expired");
  }
  if (absl::StrContains(message, "is not in peer certificate")) {
    return "its certificate has another name: give one that it has by --tls-server-name";
  }
  if (!absl::StrContains(message, "Socket closed") && !absl::StrContains(message, "reset")) {
    return absl::StrCat("check that `oasis serve` runs and that --server is its ",
                        peer.admin ? "--admin-listen" : "--listen", " address");
  }
  if (!tls) return "it may want TLS: give its CA by --tls-ca";
  if (peer.tls.certificate.empty()) {
    return "it may want to see a certificate: give one by --tls-cert and --tls-key";
  }
  return absl::StrCat("it may not know the CA of ", peer.tls.certificate.string(),
                      "; its log has the reason");
}

// ", request 41a9b2d8e07c55f1": the server's log has it.
std::string NameOfRequest(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto id = metadata.find("x-request-id");
  if (id == metadata.end()) return "";
  return absl::StrCat(", request ", absl::CHexEscape({id->second.data(), id->second.size()}));
}

}  // namespace

grpc::ChannelArguments DirectChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(
    const Peer& peer, const grpc::ChannelArguments& arguments) {
  if (peer.tls.empty()) {
    return grpc::CreateCustomChannel(peer.address, grpc::InsecureChannelCredentials(), arguments);
  }
  OASIS_ASSIGN_OR_RETURN(const Certificates certificates, ReadCertificates(peer.tls));
  OASIS_RETURN_IF_ERROR(CheckCertificates(peer.tls, certificates));
  grpc::ChannelArguments named = arguments;
  if (!peer.tls_server_name.empty()) named.SetSslTargetNameOverride(peer.tls_server_name);
  return grpc::CreateCustomChannel(
      peer.address,
      grpc::SslCredentials({certificates.ca, certificates.key, certificates.certificate}), named);
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

absl::Status CallStatus(const grpc::Status& status, const grpc::ClientContext& context,
                        const Peer& peer) {
  if (status.ok()) return absl::OkStatus();
  const std::string& message = status.error_message();
  const char* flag = peer.admin ? "--admin-listen" : "--listen";
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      // gRPC's own words when there is no connection; a server's refusal has the server's words.
      if (absl::StrContains(message, "connect") || absl::StrContains(message, "DNS") ||
          absl::StrContains(message, "resolution")) {
        return absl::UnavailableError(absl::StrCat("cannot reach a server at ", peer.address, ": ",
                                                   LastClause(message), "; ",
                                                   WhatToCheck(message, peer)));
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
  return absl::Status(
      static_cast<absl::StatusCode>(status.error_code()),
      absl::StrCat(message, " (said by ", peer.address, NameOfRequest(context), ")"));
}

}  // namespace oasis
