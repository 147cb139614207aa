#include "apps/serve/serve_options_check.h"

#include "absl/strings/string_view.h"

namespace oasis {

absl::Status CheckServeOptions(const ServeOptions& options) {
  Server::Options server = options.server;
  if (!options.admin_roles.empty()) {  // what they say is read later
    server.admit_admin_call = [](const PeerIdentity&, absl::string_view, absl::string_view) {
      return absl::OkStatus();
    };
  }
  return Server::Validate(server, /*has_admin=*/true);
}

}  // namespace oasis
