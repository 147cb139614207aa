// Addresses that servers listen on. Here because the servers of metrics and of gRPC both need it.
#ifndef OASIS_METRICS_LISTEN_ADDRESS_H_
#define OASIS_METRICS_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace oasis {

// Tries to listen on `address` ("host:port", "[::1]:port"; port 0 for a free one), stops again, and
// returns it with the host as a number. The libraries only say that they could not; this says why:
// InvalidArgument for a malformed address, Unavailable when it is in use, not of this machine, not
// allowed or has an unknown host.
absl::StatusOr<std::string> CheckListenAddress(absl::string_view address);

// Whether all that `address` means is on the loopback, where only this machine calls. The errors of
// CheckListenAddress for one that is malformed or has an unknown host.
absl::StatusOr<bool> IsLoopback(absl::string_view address);

}  // namespace oasis

#endif  // OASIS_METRICS_LISTEN_ADDRESS_H_
