// Calls that failed or were slow, told with what helps to find out why.
#ifndef OASIS_SERVING_CALL_WATCH_H_
#define OASIS_SERVING_CALL_WATCH_H_

#include <grpcpp/server_context.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/call_record.h"
#include "serving/edge.h"
#include "serving/line_rate.h"

namespace oasis {

// What a request names.
struct AskedTable {
  absl::string_view score_set = {};
  absl::string_view variant = {};
};

// Watches the calls of all threads. Those of a code are told at a rate of their own: a flood of
// refusals hides no fault of another kind. Thread-safe.
class CallWatch {
 public:
  // 0 as `slow`: no call is.
  CallWatch(absl::Duration slow, CallObserver observer);

  // Whether to call Tell. That is all that a good call pays: nobody looks at its metadata.
  bool Concerns(const Edge::Ticket& ticket) const {
    return ticket.code != absl::StatusCode::kOk || ticket.took > slow_;
  }

  // To be called before the answer is sent. `asked` is looked at if the call was admitted. An error
  // gets its request id as trailing metadata (kRequestIdKey), but not a refusal that is left out: a
  // refusal should be cheap.
  void Tell(const Edge::Ticket& ticket, const absl::Status& status, const AskedTable& asked,
            grpc::ServerContext& context);

  // The same of a call of the admin port that failed. `path` is the method's:
  // "/a.v1.Service/Method".
  void TellFailed(absl::string_view path, std::chrono::steady_clock::time_point accepted,
                  const absl::Status& status, grpc::ServerContextBase& context);

 private:
  // Gives an error its id. What is known of the caller, if the call is to be told.
  std::optional<CallRecord> Begin(const absl::Status& status,
                                  std::chrono::steady_clock::time_point accepted,
                                  grpc::ServerContextBase& context);

  const std::chrono::nanoseconds slow_;
  const CallObserver observer_;
  static constexpr size_t kCodes = 17;
  std::array<LineRate, kCodes> rates_;  // by code
};

}  // namespace oasis

#endif  // OASIS_SERVING_CALL_WATCH_H_
