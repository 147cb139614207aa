#include "serving/edge.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
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

absl::Status Edge::Receive(RpcMethod method, Deadline deadline, Ticket* ticket) {
  *ticket = {.method = method, .accepted = std::chrono::steady_clock::now()};
  const std::optional<Refused> refused =
      backlog_.Refuse(ticket->accepted, deadline - std::chrono::system_clock::now());
  return refused.has_value() ? Refuse(*refused, ticket) : absl::OkStatus();
}

absl::Status Edge::Admit(int64_t items, absl::string_view client, Ticket* ticket) {
  items = std::min<int64_t>(items, options_.get.max_items);
  std::optional<Refused> refused = admission_->Enter(items);
  if (!refused.has_value() && limits_clients()) {
    refused = options_.client_rates->Take(client, items, ticket->accepted);
    if (refused.has_value()) admission_->Leave(items);
  }
  if (refused.has_value()) return Refuse(*refused, ticket);
  ticket->admitted = true;
  ticket->items = items;
  backlog_.Add(items, ticket->accepted);
  shard_.AddInflight(1, items);
  return absl::OkStatus();
}

absl::Status Edge::Refuse(const Refused& refused, Ticket* ticket) {
  shard_.CountRefusal(refused.reason);
  ticket->retry_after = refused.retry_after;
  ticket->code = absl::StatusCode::kResourceExhausted;
  return absl::ResourceExhaustedError(
      refused.reason == RefusalReason::kClientRate
          ? refused.why
          : absl::StrCat("the server is overloaded, do not retry at once: ", refused.why));
}

template <typename Handler>
absl::Status Edge::Run(Ticket* ticket, Deadline deadline, const Handler& handler) {
  absl::Status status;
  backlog_.Remove(ticket->items);
  if (deadline <= std::chrono::system_clock::now()) {
    status = absl::DeadlineExceededError(
        "the deadline passed while the call waited for its turn; nothing was looked up");
    shard_.CountRefusal(RefusalReason::kDeadline);
  } else {
    const LiveTables::Handle tables = reader_.Acquire();
    status = handler(*tables);
    const auto now = std::chrono::steady_clock::now();
    backlog_.Answered(ticket->items, ticket->accepted, now);
    ticket->took = now - ticket->accepted;
    shard_.ObserveDuration(ticket->method, absl::FromChrono(ticket->took));
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
  // Longer names are of no snapshot, and these bound what a request that is kept may hold.
  const size_t longest =
      std::max({request.surface.size(), request.market.size(), request.cohort.size()});
  if (longest > kMaxNameBytes) return;
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
