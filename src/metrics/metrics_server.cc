#include <prometheus/exposer.h>

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "metrics/listen_address.h"
#include "metrics/metrics_rep.h"
#include "oasis/limits.h"
#include "oasis/metrics.h"
#include "oasis/status.h"

namespace oasis {

struct MetricsServer::Rep {
  explicit Rep(const std::string& address) : exposer(address, kMetricsServerThreads) {}

  std::shared_ptr<Metrics::Rep> metrics;  // the exposer keeps no more than a weak pointer to it
  prometheus::Exposer exposer;
};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    const Metrics& metrics) {
  OASIS_ASSIGN_OR_RETURN(const std::string numeric, CheckListenAddress(address));
  try {
    auto rep = std::make_unique<Rep>(numeric);
    rep->metrics = metrics.rep_;
    rep->exposer.RegisterCollectable(rep->metrics);
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(rep)));
  } catch (const std::exception& error) {  // from civetweb, when the port went in the meantime
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, " for metrics: ", error.what()));
  }
}

MetricsServer::MetricsServer(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
MetricsServer::~MetricsServer() = default;

int MetricsServer::port() const { return rep_->exposer.GetListeningPorts().front(); }

}  // namespace oasis
