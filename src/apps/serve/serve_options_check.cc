#include "apps/serve/serve_options_check.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "metrics/listen_address.h"

namespace oasis {
namespace {

using Faults = std::vector<std::string>;

void CheckLimits(const Server::Options& server, Faults* faults) {
  const auto at_least_a_request = [&server, faults](absl::string_view key, int64_t value) {
    if (value == 0 || value >= server.max_items_per_request) return;
    faults->push_back(absl::StrCat(key, " is ", value, ": must be at least ",
                                   server.max_items_per_request,
                                   " (max-items-per-request), else the largest allowed request "
                                   "could never be served; or 0 for the default"));
  };
  at_least_a_request("max-inflight-items", server.max_inflight_items);
  at_least_a_request("client-items-per-second", server.client_items_per_second);
  const auto above_0 = [faults](absl::string_view key, absl::Duration value) {
    if (value > absl::ZeroDuration()) return;
    faults->push_back(absl::StrCat(key, " is 0: must be above 0; 'inf' is for never"));
  };
  above_0("max-age", server.staleness.others.max_age);
  above_0("max-connection-age", server.max_connection_age);
}

void CheckServingTls(const TlsFiles& tls, Faults* faults) {
  if (tls.empty() || (!tls.certificate.empty() && !tls.key.empty())) return;
  faults->push_back(
      "TLS of the serving port needs tls-cert and tls-key; with tls-client-ca it also asks clients "
      "for certificates");
}

void CheckAdminPort(const ServeOptions& options, Faults* faults) {
  const TlsFiles& tls = options.server.admin_tls;
  const bool none = tls.empty() && options.admin_roles.empty();
  const bool all = !tls.certificate.empty() && !tls.key.empty() && !tls.ca.empty() &&
                   !options.admin_roles.empty();
  if (!none && !all) {
    faults->push_back(
        "TLS of the admin port needs all of admin-tls-cert, admin-tls-key, admin-tls-client-ca and "
        "admin-roles: who calls is told by their certificate, and what they may do by the roles");
  }
  if (!none || options.server.admin_insecure) return;
  const absl::StatusOr<bool> loopback = IsLoopback(options.server.admin_listen);
  if (!loopback.ok() || *loopback) return;
  faults->push_back(absl::StrCat(
      "admin-listen is ", options.server.admin_listen,
      ", which is not the loopback, and plaintext: who reaches it could do everything. Give it TLS "
      "(admin-tls-cert and those that belong to it), listen on 127.0.0.1, or set admin-insecure "
      "(--admin-insecure) if something else decides who reaches it"));
}

}  // namespace

absl::Status CheckServeOptions(const ServeOptions& options) {
  Faults faults;
  CheckLimits(options.server, &faults);
  CheckServingTls(options.server.tls, &faults);
  CheckAdminPort(options, &faults);
  if (faults.empty()) return absl::OkStatus();
  if (faults.size() == 1) return absl::InvalidArgumentError(faults[0]);
  return absl::InvalidArgumentError(absl::StrCat(faults.size(), " faults in the configuration:\n  ",
                                                 absl::StrJoin(faults, "\n  ")));
}

}  // namespace oasis
