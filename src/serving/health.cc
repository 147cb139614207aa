#include "serving/health.h"

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "rpc/status.h"
#include "serving/target.h"

namespace oasis {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

HealthService::HealthService(std::shared_ptr<const LiveTables> tables, StalenessRules staleness,
                             std::function<absl::Time()> clock)
    : tables_(std::move(tables)), staleness_(std::move(staleness)), clock_(std::move(clock)) {}

Metrics::Health HealthService::Now() const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (draining_) return {};
  }
  const absl::Time now = clock_();
  Metrics::Health health;
  tables_->Visit([&](const TableSet& live) {
    if (live.restoring() || live.replacing() || live.score_sets().empty()) return;
    health = {true, live.missing().empty()};
    for (const TableSet::ScoreSet& score_set : live.score_sets()) {
      const Staleness& staleness = staleness_.Of(score_set.name);
      for (const TableSet::Variant& variant : score_set.variants) {
        if (!staleness.IsStale(variant.table->info().created, now)) continue;
        health.fresh = false;
        if (staleness.when_stale == WhenStale::kNotServing) health.serving = false;
      }
    }
  });
  return health;
}

void HealthService::Drain() {
  const std::lock_guard<std::mutex> lock(mutex_);
  draining_ = true;
  drains_.notify_all();
}

HealthService::ServingStatus HealthService::StatusOf(const std::string& name) const {
  const bool fresh = absl::string_view(name) == kFreshName;
  if (!fresh && !name.empty() && absl::string_view(name) != kServingName) {
    return HealthCheckResponse::SERVICE_UNKNOWN;
  }
  const Metrics::Health now = Now();
  return (fresh ? now.fresh : now.serving) ? HealthCheckResponse::SERVING
                                           : HealthCheckResponse::NOT_SERVING;
}

grpc::Status HealthService::Check(grpc::ServerContext* /*context*/,
                                  const HealthCheckRequest* request,
                                  HealthCheckResponse* response) {
  const ServingStatus status = StatusOf(request->service());
  if (status == HealthCheckResponse::SERVICE_UNKNOWN) {
    return ToGrpcStatus(absl::NotFoundError(
        absl::StrCat("health of service ", Quote(request->service()),
                     " is not known; known are '', '", kServingName, "' and '", kFreshName, "'")));
  }
  response->set_status(status);
  return grpc::Status::OK;
}

grpc::Status HealthService::Watch(grpc::ServerContext* context, const HealthCheckRequest* request,
                                  grpc::ServerWriter<HealthCheckResponse>* writer) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (watchers_ == kMaxHealthWatchers) {
    // By the health protocol a client that is told so takes the server for healthy, as if it had no
    // health service; any other failure would keep its calls from the server for good.
    return ToGrpcStatus(
        absl::UnimplementedError(absl::StrCat("health has its limit of ", kMaxHealthWatchers,
                                              " watchers; call Check now and then instead")));
  }
  ++watchers_;
  std::optional<ServingStatus> told;
  // Nobody tells us of a publish, so we look; a drain wakes us.
  while (!context->IsCancelled()) {
    const bool last = draining_;
    lock.unlock();
    const ServingStatus status = StatusOf(request->service());
    bool written = true;
    if (status != told) {
      HealthCheckResponse response;
      response.set_status(status);
      written = writer->Write(response);
      told = status;
    }
    lock.lock();
    if (last || !written) break;
    drains_.wait_for(lock, std::chrono::milliseconds(kHealthWatchMilliseconds),
                     [this] { return draining_; });
  }
  --watchers_;
  return draining_ ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is shutting down")
                   : grpc::Status::OK;
}

}  // namespace oasis
