#include "serving/edge.h"

#include <utility>

#include "absl/types/span.h"
#include "serving/explain_handler.h"

namespace oasis {

Edge::Edge(Options options, LiveTables::Reader reader, std::shared_ptr<Metrics> metrics,
           Admission* admission)
    : options_(std::move(options)),
      reader_(std::move(reader)),
      metrics_(std::move(metrics)),
      shard_(metrics_->NewShard()),
      admission_(admission) {}

absl::Status Edge::Admit(RpcMethod method, int64_t items, Ticket* ticket) {
  *ticket = {method, items, std::chrono::steady_clock::now()};
  absl::Status status = admission_->Enter(items);
  if (!status.ok()) {
    CountAnswer(*ticket, status);
    return status;
  }
  shard_.AddInflight(1, items);
  return status;
}

template <typename Handler>
absl::Status Edge::Run(const Ticket& ticket, Deadline deadline, const Handler& handler) {
  absl::Status status;
  if (deadline <= std::chrono::system_clock::now()) {
    status = absl::DeadlineExceededError(
        "the deadline passed while the call waited for its turn; nothing was looked up");
  } else {
    const LiveTables::Handle tables = reader_.Acquire();
    status = handler(*tables);
  }
  CountAnswer(ticket, status);
  return status;
}

absl::Status Edge::Answer(const Ticket& ticket, Deadline deadline,
                          const v1::GetPromotionScoresRequest& request,
                          v1::GetPromotionScoresResponse* response) {
  return Run(ticket, deadline, [&](const TableSet& tables) {
    absl::Status status =
        HandleGet(tables, options_.get, options_.clock(), scratch_, request, response);
    if (status.ok()) CountItemsOf(*scratch_.score_set, *response);
    return status;
  });
}

absl::Status Edge::Answer(const Ticket& ticket, Deadline deadline,
                          const v1::ExplainPromotionScoreRequest& request,
                          v1::ExplainPromotionScoreResponse* response) {
  return Run(ticket, deadline, [&](const TableSet& tables) {
    return HandleExplain(tables, options_.clock(), request, response);
  });
}

void Edge::Leave(const Ticket& ticket) {
  admission_->Leave(ticket.items);
  shard_.AddInflight(-1, -ticket.items);
}

void Edge::CountAnswer(const Ticket& ticket, const absl::Status& status) {
  shard_.CountCall(ticket.method, static_cast<int>(status.code()),
                   absl::FromChrono(std::chrono::steady_clock::now() - ticket.accepted));
}

void Edge::CountItemsOf(const TableSet::ScoreSet& score_set,
                        const v1::GetPromotionScoresResponse& response) {
  const auto ordinal = static_cast<size_t>(score_set.ordinal);
  if (!named_[ordinal]) {
    metrics_->NameScoreSet(score_set.ordinal, score_set.name);
    named_.set(ordinal);
  }
  shard_.CountItems(score_set.ordinal,
                    absl::MakeConstSpan(response.statuses().data(),
                                        static_cast<size_t>(response.statuses_size())));
}

}  // namespace oasis
