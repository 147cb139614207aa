// The edge: the one place every call goes through, whatever its method and outcome.
#ifndef OASIS_SERVING_EDGE_H_
#define OASIS_SERVING_EDGE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/recent_requests.h"
#include "oasis/v1/promotion_scores.pb.h"
#include "serving/admission.h"
#include "serving/backlog.h"
#include "serving/client_rates.h"
#include "serving/get_handler.h"

namespace oasis {

// Admission, deadline, the grip on the live tables, the handler and the metrics of the calls of one
// thread. A call goes through Receive, Admit and Answer as long as they are OK, then in any case
// Leave:
//
//   Ticket ticket;
//   status = edge.Receive(RpcMethod::kGetPromotionScores, deadline, &ticket);   // unread
//   status = edge.Admit(CountItems(request), client, &ticket);
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
    ClientRates* client_rates = nullptr;                        // null: they are not limited
  };
  struct Ticket {
    RpcMethod method = RpcMethod::kGetPromotionScores;
    int64_t items = 0;  // admitted; 0 when it was refused
    bool admitted = false;
    absl::StatusCode code = absl::StatusCode::kOk;  // of the answer, as far as there is one
    // Of one that was refused: when its caller may try again; negative: not at all.
    std::optional<std::chrono::milliseconds> retry_after = {};
    std::chrono::steady_clock::time_point accepted;
    std::chrono::nanoseconds took{0};  // until the handler had ended, if it ran
  };
  using Deadline = std::chrono::system_clock::time_point;

  Edge(Options options, LiveTables::Reader reader, std::shared_ptr<Metrics> metrics,
       Admission* admission);

  int max_items() const { return options_.get.max_items; }
  bool limits_clients() const { return options_.client_rates != nullptr; }

  // ResourceExhausted when the call would wait too long for its turn, or beyond its deadline; then
  // that was the answer. To be asked before the request is read: a refusal should be cheap.
  absl::Status Receive(RpcMethod method, Deadline deadline, Ticket* ticket);

  // ResourceExhausted when the server has as many items in flight as it may, or the client asks for
  // more a second than it may; then that was the answer. A request beyond the limit of items for
  // one is let in with that many: it will be refused for what is wrong with it, at no more than
  // their cost. `client` is of no interest unless limits_clients.
  absl::Status Admit(int64_t items, absl::string_view client, Ticket* ticket);

  // For a call that cannot be admitted since its request cannot be read: that was the answer.
  static void Fail(const absl::Status& why, Ticket* ticket) { ticket->code = why.code(); }

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
  absl::Status Refuse(const Refused& refused, Ticket* ticket);
  template <typename Handler>
  absl::Status Run(Ticket* ticket, Deadline deadline, const Handler& handler);
  void Keep(const GetRequest& request);  // the one just answered

  Options options_;
  LiveTables::Reader reader_;
  std::shared_ptr<Metrics> metrics_;
  Metrics::Shard shard_;
  Admission* admission_;
  Backlog backlog_;
  GetScratch scratch_;
  std::chrono::steady_clock::time_point keep_from_;  // when the next request is to be kept
};

}  // namespace oasis

#endif  // OASIS_SERVING_EDGE_H_
