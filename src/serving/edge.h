// The edge: the one place every call goes through, whatever its method and outcome.
#ifndef OASIS_SERVING_EDGE_H_
#define OASIS_SERVING_EDGE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/recent_requests.h"
#include "oasis/v1/promotion_scores.pb.h"
#include "serving/admission.h"
#include "serving/get_handler.h"

namespace oasis {

// Admission, deadline, the grip on the live tables, the handler and the metrics of the calls of one
// thread. A call goes through Admit, then (if that was OK) Answer, then in any case Leave:
//
//   Ticket ticket;
//   status = edge.Admit(RpcMethod::kGetPromotionScores, CountItems(request), &ticket);
//   status = edge.Answer(&ticket, deadline, request, &response);   // when its turn comes
//   edge.Leave(ticket, delivered);                                 // when the reply has been sent
//
// Belongs to one thread. Knows no gRPC server.
class Edge {
 public:
  struct Options {
    GetOptions get;
    std::function<absl::Time()> clock;                          // for the age of a snapshot
    std::shared_ptr<RecentRequests> recent_requests = nullptr;  // null: none are kept
  };
  struct Ticket {
    RpcMethod method = RpcMethod::kGetPromotionScores;
    int64_t items = 0;  // admitted; 0 when it was refused
    bool admitted = false;
    absl::StatusCode code = absl::StatusCode::kOk;  // of the answer, as far as there is one
    std::chrono::steady_clock::time_point accepted;
  };
  using Deadline = std::chrono::system_clock::time_point;

  Edge(Options options, LiveTables::Reader reader, std::shared_ptr<Metrics> metrics,
       Admission* admission);

  int max_items() const { return options_.get.max_items; }

  // ResourceExhausted when the server has as many items in flight as it may; then that was the
  // answer. A request beyond the limit of items for one is let in with that many: it will be
  // refused for what is wrong with it, at no more than their cost.
  absl::Status Admit(RpcMethod method, int64_t items, Ticket* ticket);

  // For a call that cannot be admitted since its request cannot be read: that was the answer.
  static void Refuse(RpcMethod method, const absl::Status& why, Ticket* ticket);

  // DeadlineExceeded, without a look at the tables, when `deadline` has passed. The reply is valid
  // until the next call of Answer.
  absl::StatusOr<const GetReply*> Answer(Ticket* ticket, Deadline deadline,
                                         const GetRequest& request);
  absl::Status Answer(Ticket* ticket, Deadline deadline,
                      const v1::ExplainPromotionScoreRequest& request,
                      v1::ExplainPromotionScoreResponse* response);

  // Counts the call by the code of its answer; a good answer that was not delivered, since the
  // caller had gone, as Cancelled. (A call past its deadline has no caller any more: its code
  // stays.)
  void Leave(const Ticket& ticket, bool delivered);

 private:
  template <typename Handler>
  absl::Status Run(Ticket* ticket, Deadline deadline, const Handler& handler);
  void Keep(const GetRequest& request);  // the one just answered

  Options options_;
  LiveTables::Reader reader_;
  std::shared_ptr<Metrics> metrics_;
  Metrics::Shard shard_;
  Admission* admission_;
  GetScratch scratch_;
  std::chrono::steady_clock::time_point keep_from_;  // when the next request is to be kept
};

}  // namespace oasis

#endif  // OASIS_SERVING_EDGE_H_
