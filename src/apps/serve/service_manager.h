// What systemd is told of the process (sd_notify(3), whose protocol is a datagram).
#ifndef OASIS_APPS_SERVE_SERVICE_MANAGER_H_
#define OASIS_APPS_SERVE_SERVICE_MANAGER_H_

#include "absl/strings/string_view.h"

namespace oasis {

inline constexpr absl::string_view kReadyState = "READY=1";
inline constexpr absl::string_view kStoppingState = "STOPPING=1";

// Sends `state` to the socket that the environment's NOTIFY_SOCKET names, as systemd sets it for a
// unit of Type=notify; does nothing without it. Returns false when it could not be sent.
bool NotifyServiceManager(absl::string_view state);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_SERVICE_MANAGER_H_
