#include "serving/edge.h"

#include <algorithm>
#include <utility>

#include "oasis/status.h"
#include "serving/explain_handler.h"

namespace oasis {

static_assert(kStatusesOfItems == v1::ItemStatus_ARRAYSIZE);  // what CountItems can tell apart

Edge::Edge(Options options, LiveTables::Reader reader, std::shared_ptr<Metrics> metrics,
           Admission* admission)
    : options_(std::move(options)),
      reader_(std::move(reader)),
      metrics_(std::move(metrics)),
      shard_(metrics_->NewShard()),
      admission_(admission) {}

absl::Status Edge::Admit(RpcMethod method, int64_t items, Ticket* ticket) {
  *ticket = {.method = method, .accepted = std::chrono::steady_clock::now()};
  items = std::min<int64_t>(items, options_.get.max_items);
  absl::Status status = admission_->Enter(items);
  ticket->code = status.code();
  if (!status.ok()) return status;
  ticket->admitted = true;
  ticket->items = items;
  shard_.AddInflight(1, items);
  return status;
}

void Edge::Refuse(RpcMethod method, const absl::Status& why, Ticket* ticket) {
  *ticket = {.method = method, .code = why.code(), .accepted = std::chrono::steady_clock::now()};
}

template <typename Handler>
absl::Status Edge::Run(Ticket* ticket, Deadline deadline, const Handler& handler) {
  absl::Status status;
  if (deadline <= std::chrono::system_clock::now()) {
    status = absl::DeadlineExceededError(
        "the deadline passed while the call waited for its turn; nothing was looked up");
  } else {
    const LiveTables::Handle tables = reader_.Acquire();
    status = handler(*tables);
    shard_.ObserveDuration(ticket->method,
                           absl::FromChrono(std::chrono::steady_clock::now() - ticket->accepted));
  }
  ticket->code = status.code();
  return status;
}

absl::StatusOr<const GetReply*> Edge::Answer(Ticket* ticket, Deadline deadline,
                                             const GetRequest& request) {
  OASIS_RETURN_IF_ERROR(Run(ticket, deadline, [&](const TableSet& tables) {
    absl::Status status = HandleGet(tables, options_.get, options_.clock(), request, scratch_);
    if (status.ok()) {
      shard_.CountItems(scratch_.score_set->ordinal, scratch_.reply.statuses, scratch_.changed);
      if (ticket->accepted >= keep_from_) {
        keep_from_ = ticket->accepted + std::chrono::milliseconds(kRecentRequestMilliseconds);
        Keep(request);
      }
    }
    return status;
  }));
  return &scratch_.reply;
}

void Edge::Keep(const GetRequest& request) {
  if (options_.recent_requests == nullptr) return;
  const std::vector<ItemKey>& keys = scratch_.keys;
  const auto kept = static_cast<std::ptrdiff_t>(std::min(keys.size(), kMaxRecentRequestItems));
  options_.recent_requests->TryAdd(scratch_.score_set->name, scratch_.reply.rest.variant(),
                                   {.surface = std::string(request.surface),
                                    .market = std::string(request.market),
                                    .cohort = std::string(request.cohort),
                                    .keys = {keys.begin(), keys.begin() + kept}});
}

absl::Status Edge::Answer(Ticket* ticket, Deadline deadline,
                          const v1::ExplainPromotionScoreRequest& request,
                          v1::ExplainPromotionScoreResponse* response) {
  return Run(ticket, deadline, [&](const TableSet& tables) {
    return HandleExplain(tables, options_.get.staleness, options_.clock(), request, response);
  });
}

void Edge::Leave(const Ticket& ticket, bool delivered) {
  if (ticket.admitted) {
    admission_->Leave(ticket.items);
    shard_.AddInflight(-1, -ticket.items);
  }
  const bool lost = ticket.code == absl::StatusCode::kOk && !delivered;
  const absl::StatusCode code = lost ? absl::StatusCode::kCancelled : ticket.code;
  shard_.CountCall(ticket.method, static_cast<int>(code));
}

}  // namespace oasis
