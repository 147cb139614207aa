// What may be wrong with a server's options by themselves.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "metrics/listen_address.h"
#include "oasis/limits.h"
#include "oasis/server.h"

namespace oasis {
namespace {

using Faults = std::vector<std::string>;

// What one message can carry, at 16 bytes an item.
constexpr int kMostItems = kMaxReceiveMessageBytes / 16;

void CheckLimits(const Server::Options& options, Faults& faults) {
  const auto within = [&faults](absl::string_view name, int64_t value, int64_t low, int64_t high) {
    if (value >= low && value <= high) return;
    faults.push_back(absl::StrCat(name, " is ", value, ": must be ", low, " to ", high));
  };
  within("threads", options.threads, 0, kMaxServingThreads);
  within("max-items-per-request", options.max_items_per_request, 1, kMostItems);
  const auto at_least_a_request = [&](absl::string_view name, int64_t value) {
    if (value == 0 || value >= options.max_items_per_request) return;
    faults.push_back(absl::StrCat(name, " is ", value, ": must be at least ",
                                  options.max_items_per_request,
                                  " (max-items-per-request), else the largest allowed request "
                                  "could never be served; or 0 for the default"));
  };
  at_least_a_request("max-inflight-items", options.max_inflight_items);
  at_least_a_request("client-items-per-second", options.client_items_per_second);
  const auto above_0 = [&faults](absl::string_view name, absl::Duration value) {
    if (value > absl::ZeroDuration()) return;
    faults.push_back(absl::StrCat(name, " is ", absl::FormatDuration(value),
                                  ": must be above 0; 'inf' is for never"));
  };
  above_0("max-age", options.staleness.others.max_age);
  above_0("max-connection-age", options.max_connection_age);
  above_0("max-reply-time", options.max_reply_time);
}

void CheckServingPort(const TlsFiles& tls, Faults& faults) {
  if (tls.empty() || (!tls.certificate.empty() && !tls.key.empty())) return;
  faults.emplace_back(
      "TLS of the serving port needs --tls-cert and --tls-key; with --tls-client-ca it also asks "
      "clients for certificates");
}

// Nobody is to find out later that a port is not as closed as it was meant to be.
void CheckAdminPort(const Server::Options& options, bool has_admin, Faults& faults) {
  const TlsFiles& tls = options.admin_tls;
  const bool roles = options.admit_admin_call != nullptr;
  if (tls.empty() && !roles) {
    if (!has_admin || options.admin_insecure) return;
    const absl::StatusOr<bool> loopback = IsLoopback(options.admin_listen);
    if (!loopback.ok() || *loopback) return;
    faults.push_back(absl::StrCat(
        "admin-listen is ", options.admin_listen, ", which is not the loopback: plaintext on ",
        options.admin_listen,
        " would let who reaches it do everything. Give it TLS (--admin-tls-cert and those that "
        "belong to it), listen on 127.0.0.1, or set --admin-insecure if something else decides who "
        "reaches it"));
  } else if (tls.certificate.empty() || tls.key.empty() || tls.ca.empty() || !roles) {
    faults.emplace_back(
        "TLS of the admin port needs all of --admin-tls-cert, --admin-tls-key, "
        "--admin-tls-client-ca and --admin-roles: who calls is told by their certificate, and what "
        "they may do by the roles");
  }
}

}  // namespace

absl::Status Server::Validate(const Options& options, bool has_admin) {
  Faults faults;
  CheckLimits(options, faults);
  CheckServingPort(options.tls, faults);
  CheckAdminPort(options, has_admin, faults);
  if (faults.empty()) return absl::OkStatus();
  if (faults.size() == 1) return absl::InvalidArgumentError(faults[0]);
  return absl::InvalidArgumentError(
      absl::StrCat(faults.size(), " faults in the options:\n  ", absl::StrJoin(faults, "\n  ")));
}

}  // namespace oasis
