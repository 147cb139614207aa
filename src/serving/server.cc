#include "oasis/server.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "metrics/listen_address.h"
#include "oasis/limits.h"
#include "oasis/machine.h"
#include "oasis/status.h"
#include "serving/admission.h"
#include "serving/call_watch.h"
#include "serving/client_rates.h"
#include "serving/edge.h"
#include "serving/grpc_server.h"
#include "serving/health.h"
#include "serving/worker.h"

namespace oasis {

// In the order of their lives: a server goes before the queues and services it uses.
struct Server::Rep {
  Rep(Options options_in, std::shared_ptr<LiveTables> tables_in,
      std::shared_ptr<Metrics> metrics_in,
      std::vector<std::shared_ptr<grpc::Service>> admin_services_in)
      : options(std::move(options_in)),
        tables(std::move(tables_in)),
        metrics(std::move(metrics_in)),
        threads(options.threads > 0 ? options.threads
                                    : std::min(AvailableCpus(), kMaxServingThreads)),
        admission(options.max_inflight_items > 0 ? options.max_inflight_items
                                                 : threads * kDefaultInflightItemsPerThread),
        client_rates(options.client_items_per_second),
        watch(options.slow_call, options.call_observer),
        admin_watch(options.slow_call, options.call_observer),
        health(tables, options.staleness, options.clock),
        admin_services(std::move(admin_services_in)) {}

  absl::Status Start();
  std::function<void(const absl::Status&)> TlsObserver(absl::string_view port) const;
  void Drain(absl::Duration patience);
  std::vector<Metrics::Certificates> RenewCertificates() const;  // of the ports that speak TLS

  const Options options;
  const std::shared_ptr<LiveTables> tables;
  const std::shared_ptr<Metrics> metrics;
  const int threads;
  Admission admission;
  ClientRates client_rates;  // used if there is a rate
  CallWatch watch;
  CallWatch admin_watch;  // of its own: a flood of calls leaves out no line of an operator's
  HealthService health;
  AsyncService service;
  const std::vector<std::shared_ptr<grpc::Service>> admin_services;
  std::vector<std::unique_ptr<Worker>> workers;
  GrpcServer serving;  // its queues are the workers'
  GrpcServer admin;

  std::mutex drain_mutex;
  bool drained = false;  // guarded by drain_mutex
};

absl::Status Server::Rep::Start() {
  const bool has_admin = !admin_services.empty();
  if (has_admin) OASIS_RETURN_IF_ERROR(IsLoopback(options.admin_listen).status());  // known at all
  OASIS_RETURN_IF_ERROR(Validate(options, has_admin));
  std::vector<LiveTables::Reader> readers;
  for (int i = 0; i < threads; ++i) {
    OASIS_ASSIGN_OR_RETURN(LiveTables::Reader reader, tables->NewReader());
    readers.push_back(std::move(reader));
  }
  OASIS_ASSIGN_OR_RETURN(
      serving,
      StartGrpcServer(
          {.address = options.listen,
           .services = {&service, &health},
           .queues = threads,
           .tls = {.files = options.tls, .admit = nullptr, .observer = TlsObserver("serving")},
           .max_connection_age = options.max_connection_age}));
  const Edge::Options edge = {
      .get = {options.max_items_per_request, options.staleness},
      .clock = options.clock,
      .recent_requests = options.recent_requests,
      .client_rates = options.client_items_per_second > 0 ? &client_rates : nullptr};
  for (size_t i = 0; i < readers.size(); ++i) {
    workers.push_back(
        std::make_unique<Worker>(&service, std::move(serving.queues[i]),
                                 Edge(edge, std::move(readers[i]), metrics, &admission), &watch,
                                 absl::ToChronoNanoseconds(options.max_reply_time)));
    OASIS_RETURN_IF_ERROR(workers.back()->Start(static_cast<int>(i)));
  }
  serving.queues.clear();
  if (has_admin) {
    std::vector<grpc::Service*> services;
    for (const auto& admin_service : admin_services) services.push_back(admin_service.get());
    OASIS_ASSIGN_OR_RETURN(admin, StartGrpcServer({.address = options.admin_listen,
                                                   .services = services,
                                                   .tls = {.files = options.admin_tls,
                                                           .admit = options.admit_admin_call,
                                                           .observer = TlsObserver("admin")},
                                                   .watch_failed = &admin_watch}));
  }
  metrics->SetHealthSource([this] { return health.Now(); });
  metrics->SetCertificatesSource([this] { return RenewCertificates(); });
  return absl::OkStatus();
}

std::function<void(const absl::Status&)> Server::Rep::TlsObserver(absl::string_view port) const {
  return [port, tell = options.tls_observer](const absl::Status& taken) { tell(port, taken); };
}

std::vector<Metrics::Certificates> Server::Rep::RenewCertificates() const {
  std::vector<Metrics::Certificates> all;
  for (const auto& [port, server] : {std::pair("serving", &serving), std::pair("admin", &admin)}) {
    if (server->tls == nullptr) continue;
    const TlsCredentials::State state = server->tls->Renew();
    all.push_back({port, state.certificate_end, state.ca_end, state.refused});
  }
  return all;
}

void Server::Rep::Drain(absl::Duration patience) {
  const std::lock_guard<std::mutex> lock(drain_mutex);
  if (drained) return;
  drained = true;
  health.Drain();
  const auto deadline = absl::ToChronoTime(absl::Now() + patience);
  // The serving threads do the work of both servers, so they are the last to go.
  if (serving.server != nullptr) serving.server->Shutdown(deadline);
  if (admin.server != nullptr) admin.server->Shutdown(deadline);
  for (const auto& worker : workers) worker->Stop();
  for (const auto& queue : admin.queues) {
    queue->Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue->Next(&tag, &ok)) {
    }
  }
  metrics->SetHealthSource(nullptr);
  metrics->SetCertificatesSource(nullptr);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    Options options, std::shared_ptr<LiveTables> tables, std::shared_ptr<Metrics> metrics,
    std::vector<std::shared_ptr<grpc::Service>> admin) {
  auto rep = std::make_unique<Rep>(std::move(options), std::move(tables), std::move(metrics),
                                   std::move(admin));
  std::unique_ptr<Server> server(new Server(std::move(rep)));  // drains when this fails half-way
  OASIS_RETURN_IF_ERROR(server->rep_->Start());
  return server;
}

Server::Server(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Server::~Server() { Drain(absl::ZeroDuration()); }

int Server::port() const { return rep_->serving.port; }
int Server::admin_port() const { return rep_->admin.port; }
void Server::Drain(absl::Duration patience) { rep_->Drain(patience); }

}  // namespace oasis
