// What the commands share that talk to a server.
#ifndef OASIS_APPS_CLIENT_H_
#define OASIS_APPS_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/tls.h"

namespace oasis {

// One port of a server.
struct Peer {
  std::string address;
  bool admin = false;           // the admin port, else the serving port
  TlsFiles tls;                 // none: plaintext
  std::string tls_server_name;  // that its certificate must have; empty: the host of the address
};

// For messages of any size, and without the proxy that http_proxy may name: it is for the web, and
// a server is inside the network, if not on this machine.
grpc::ChannelArguments DirectChannel();

// The error of files that cannot be read or are no good; whether there is a server shows later.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(
    const Peer& peer, const grpc::ChannelArguments& arguments = DirectChannel());

// Sets who calls (the metadata x-oasis-actor: the user of the operating system, for the journal)
// and when the call is given up; an infinite patience sets no deadline.
void SetUp(grpc::ClientContext& context,
           absl::Duration patience = absl::Seconds(kClientPatienceSeconds));

// The error of a call, for people: names the address and says what to check when the server could
// not be reached, did not agree on TLS, did not answer or does not know the method; else what the
// server said, and the request id by which its log names the call (unless it left that line out).
// The code stays, but for CANCELLED, which becomes ABORTED: it was not this program's user who
// cancelled.
absl::Status CallStatus(const grpc::Status& status, const grpc::ClientContext& context,
                        const Peer& peer);

}  // namespace oasis

#endif  // OASIS_APPS_CLIENT_H_
