#include "oasis/server.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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
  HealthService health;
  AsyncService service;
  const std::vector<std::shared_ptr<grpc::Service>> admin_services;
  std::vector<std::unique_ptr<Worker>> workers;
  GrpcServer serving;  // its queues are the workers'
  GrpcServer admin;

  std::mutex drain_mutex;
  bool drained = false;  // guarded by drain_mutex
};

namespace {

// Nobody is to find out later that a port is not as closed as it was meant to be.
absl::Status ValidateTls(const Server::Options& options) {
  const TlsFiles& tls = options.tls;
  if (!tls.empty() && (tls.certificate.empty() || tls.key.empty())) {
    return absl::InvalidArgumentError(
        "TLS of the serving port needs --tls-cert and --tls-key; with --tls-client-ca it also asks "
        "clients for certificates");
  }
  const TlsFiles& admin = options.admin_tls;
  if (admin.empty() && options.admit_admin_call == nullptr) return absl::OkStatus();
  if (admin.certificate.empty() || admin.key.empty() || admin.ca.empty() ||
      options.admit_admin_call == nullptr) {
    return absl::InvalidArgumentError(
        "TLS of the admin port needs all of --admin-tls-cert, --admin-tls-key, "
        "--admin-tls-client-ca and --admin-roles: who calls is told by their certificate, and what "
        "they may do by the roles");
  }
  return absl::OkStatus();
}

absl::Status ValidateAdminPort(const Server::Options& options) {
  if (!options.admin_tls.empty() || options.admin_insecure) return absl::OkStatus();
  OASIS_ASSIGN_OR_RETURN(const bool loopback, IsLoopback(options.admin_listen));
  if (loopback) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the admin port would be plaintext on ", options.admin_listen,
                   ", which is not the loopback: who reaches it could do everything. Give it TLS "
                   "(--admin-tls-cert and those that belong to it), listen on 127.0.0.1, or say "
                   "--admin-insecure if something else decides who reaches it"));
}

absl::Status Validate(const Server::Options& options) {
  const auto outside = [](absl::string_view name, int64_t value, int64_t low, int64_t high) {
    if (value >= low && value <= high) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is ", value, ": must be ", low, " to ", high));
  };
  // What one message can carry, at 16 bytes an item.
  constexpr int kMostItems = kMaxReceiveMessageBytes / 16;
  OASIS_RETURN_IF_ERROR(outside("threads", options.threads, 0, kMaxServingThreads));
  OASIS_RETURN_IF_ERROR(
      outside("max_items_per_request", options.max_items_per_request, 1, kMostItems));
  const auto too_few = [&options](absl::string_view name, int64_t value) {
    if (value == 0 || value >= options.max_items_per_request) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is ", value, ": must be at least ", options.max_items_per_request,
                     " (max_items_per_request), else the largest allowed request could never be "
                     "served; or 0 for the default"));
  };
  OASIS_RETURN_IF_ERROR(too_few("max_inflight_items", options.max_inflight_items));
  OASIS_RETURN_IF_ERROR(too_few("client_items_per_second", options.client_items_per_second));
  const auto not_above_0 = [](absl::string_view name, absl::Duration value) {
    if (value > absl::ZeroDuration()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is ", absl::FormatDuration(value), ": must be above 0"));
  };
  OASIS_RETURN_IF_ERROR(not_above_0("max_age", options.staleness.others.max_age));
  OASIS_RETURN_IF_ERROR(not_above_0("max_connection_age", options.max_connection_age));
  OASIS_RETURN_IF_ERROR(not_above_0("max_reply_time", options.max_reply_time));
  return ValidateTls(options);
}

}  // namespace

absl::Status Server::Rep::Start() {
  OASIS_RETURN_IF_ERROR(Validate(options));
  if (!admin_services.empty()) OASIS_RETURN_IF_ERROR(ValidateAdminPort(options));
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
  if (!admin_services.empty()) {
    std::vector<grpc::Service*> services;
    for (const auto& admin_service : admin_services) services.push_back(admin_service.get());
    OASIS_ASSIGN_OR_RETURN(admin, StartGrpcServer({.address = options.admin_listen,
                                                   .services = services,
                                                   .tls = {.files = options.admin_tls,
                                                           .admit = options.admit_admin_call,
                                                           .observer = TlsObserver("admin")}}));
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
