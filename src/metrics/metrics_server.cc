#include <prometheus/text_serializer.h>

#include <iterator>
#include <utility>

#include "metrics/http_server.h"
#include "metrics/listen_address.h"
#include "metrics/metrics_rep.h"
#include "metrics/scrape_counts.h"
#include "oasis/metrics.h"
#include "oasis/status.h"

namespace oasis {

struct MetricsServer::Rep {
  std::string Scrape() const;

  std::shared_ptr<const Metrics::Rep> metrics;
  ScrapeCounts counts;
  std::unique_ptr<HttpServer> server;  // goes first
};

std::string MetricsServer::Rep::Scrape() const {
  std::vector<prometheus::MetricFamily> families = counts.Collect();
  std::vector<prometheus::MetricFamily> ours = metrics->Collect();
  std::move(ours.begin(), ours.end(), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    const Metrics& metrics,
                                                                    const Pages& pages) {
  OASIS_ASSIGN_OR_RETURN(const std::string numeric, CheckListenAddress(address));
  auto rep = std::make_unique<Rep>();
  rep->metrics = metrics.rep_;
  HttpServer::Paths paths;
  for (const auto& [path, page] : pages) paths[path] = {"text/html; charset=utf-8", page};
  paths["/metrics"] = {
      "text/plain; charset=utf-8", [rep = rep.get()] { return rep->Scrape(); },
      [rep = rep.get()](size_t bytes, absl::Duration took) { rep->counts.Count(bytes, took); }};
  OASIS_ASSIGN_OR_RETURN(rep->server, HttpServer::Start(numeric, std::move(paths)));
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(rep)));
}

MetricsServer::MetricsServer(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
MetricsServer::~MetricsServer() = default;

int MetricsServer::port() const { return rep_->server->port(); }

}  // namespace oasis
