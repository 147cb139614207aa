// The answers of a call that loads: its progress while it goes on, and its end.
#ifndef OASIS_ADMIN_LOAD_STREAM_H_
#define OASIS_ADMIN_LOAD_STREAM_H_

#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>

#include "absl/status/status.h"
#include "oasis/loader.h"
#include "oasis/v1/snapshot_admin.grpc.pb.h"

namespace oasis {

// Which of the loader's reports of progress are worth a message: the first of each phase, then one
// every kProgressMessageMilliseconds. Not thread-safe.
class ProgressThrottle {
 public:
  using Clock = std::chrono::steady_clock;

  bool Admit(LoadPhase phase, Clock::time_point now);

 private:
  bool first_ = true;
  LoadPhase phase_ = LoadPhase::kWaiting;
  Clock::time_point last_;
};

// Runs `load` and streams what it tells to `writer`; the last message has the result, to
// which `add` may add. A cancelled call cancels the load. Returns the status of the call: of a
// failed load with the phase in front.
grpc::Status StreamLoad(grpc::ServerContext& context,
                        grpc::ServerWriter<v1::LoadSnapshotResponse>& writer,
                        const std::function<LoadReport(const LoadProgressFn&)>& load,
                        const std::function<void(const LoadReport&, v1::LoadResult*)>& add = {});

}  // namespace oasis

#endif  // OASIS_ADMIN_LOAD_STREAM_H_
