// grpc.health.v1.Health, from what the live tables are.
#ifndef OASIS_SERVING_HEALTH_H_
#define OASIS_SERVING_HEALTH_H_

#include <grpc/health/v1/health.grpc.pb.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/staleness.h"

namespace oasis {

inline constexpr absl::string_view kServingName = "oasis.v1.PromotionScores";
inline constexpr absl::string_view kFreshName = "oasis.v1.PromotionScores/fresh";

// The names are those of include/oasis/server.h. A synchronous service: gRPC's own health service
// is made with the callback API, whose threads would poll beside ours and cost every call (decision
// 0006). A Watch holds a thread, so there may be no more than kMaxHealthWatchers. Thread-safe.
class HealthService final : public grpc::health::v1::Health::Service {
 public:
  HealthService(std::shared_ptr<const LiveTables> tables, StalenessRules staleness,
                std::function<absl::Time()> clock);

  Metrics::Health Now() const;

  // From now on nothing is serving, and those who watch are told so and let go.
  void Drain();

  // NOT_FOUND for an unknown name.
  grpc::Status Check(grpc::ServerContext* context,
                     const grpc::health::v1::HealthCheckRequest* request,
                     grpc::health::v1::HealthCheckResponse* response) override;
  grpc::Status Watch(grpc::ServerContext* context,
                     const grpc::health::v1::HealthCheckRequest* request,
                     grpc::ServerWriter<grpc::health::v1::HealthCheckResponse>* writer) override;

 private:
  using ServingStatus = grpc::health::v1::HealthCheckResponse::ServingStatus;
  ServingStatus StatusOf(const std::string& name) const;  // SERVICE_UNKNOWN for an unknown name

  const std::shared_ptr<const LiveTables> tables_;
  const StalenessRules staleness_;
  const std::function<absl::Time()> clock_;

  mutable std::mutex mutex_;
  std::condition_variable drains_;
  bool draining_ = false;  // guarded by mutex_
  int watchers_ = 0;       // guarded by mutex_
};

}  // namespace oasis

#endif  // OASIS_SERVING_HEALTH_H_
