// The edge: the one place every call goes through, whatever its method and outcome.
#ifndef OASIS_SERVING_EDGE_H_
#define OASIS_SERVING_EDGE_H_

#include <bitset>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/v1/promotion_scores.pb.h"
#include "serving/admission.h"
#include "serving/get_handler.h"

namespace oasis {

// Admission, deadline, the grip on the live tables, the handler and the metrics of the calls of one
// thread. A call goes through Admit, then (if that was OK) Answer, then Leave:
//
//   Ticket ticket;
//   status = edge.Admit(RpcMethod::kGetPromotionScores, CountItems(request), &ticket);
//   status = edge.Answer(ticket, deadline, request, &response);   // when its turn comes
//   edge.Leave(ticket);                                           // when the reply has been sent
//
// Belongs to one thread. Knows no gRPC server.
class Edge {
 public:
  struct Options {
    GetOptions get;
    std::function<absl::Time()> clock;  // for the age of a snapshot
  };
  struct Ticket {
    RpcMethod method = RpcMethod::kGetPromotionScores;
    int64_t items = 0;
    std::chrono::steady_clock::time_point accepted;
  };
  using Deadline = std::chrono::system_clock::time_point;

  Edge(Options options, LiveTables::Reader reader, std::shared_ptr<Metrics> metrics,
       Admission* admission);

  // ResourceExhausted when the server has as many items in flight as it may; then that was the
  // answer and the call does not Leave.
  absl::Status Admit(RpcMethod method, int64_t items, Ticket* ticket);

  // DeadlineExceeded, without a look at the tables, when `deadline` has passed.
  absl::Status Answer(const Ticket& ticket, Deadline deadline,
                      const v1::GetPromotionScoresRequest& request,
                      v1::GetPromotionScoresResponse* response);
  absl::Status Answer(const Ticket& ticket, Deadline deadline,
                      const v1::ExplainPromotionScoreRequest& request,
                      v1::ExplainPromotionScoreResponse* response);

  void Leave(const Ticket& ticket);

 private:
  template <typename Handler>
  absl::Status Run(const Ticket& ticket, Deadline deadline, const Handler& handler);
  void CountAnswer(const Ticket& ticket, const absl::Status& status);
  void CountItemsOf(const TableSet::ScoreSet& score_set,
                    const v1::GetPromotionScoresResponse& response);

  Options options_;
  LiveTables::Reader reader_;
  std::shared_ptr<Metrics> metrics_;
  Metrics::Shard shard_;
  Admission* admission_;
  GetScratch scratch_;
  std::bitset<kMaxScoreSets> named_;  // score sets the metrics know by name
};

}  // namespace oasis

#endif  // OASIS_SERVING_EDGE_H_
