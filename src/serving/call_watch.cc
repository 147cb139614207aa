#include "serving/call_watch.h"

#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "oasis/limits.h"
#include "oasis/live_tables.h"
#include "serving/client_of.h"
#include "serving/request_id.h"
#include "serving/trace_context.h"

namespace oasis {
namespace {

// The value of a key that is there once. Of several nobody knows which is meant.
absl::string_view Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto [begin, end] = context.client_metadata().equal_range(key);
  if (begin == end || std::next(begin) != end) return {};
  return {begin->second.data(), begin->second.size()};
}

std::string NameOf(absl::string_view asked, absl::string_view otherwise) {
  return std::string((asked.empty() ? otherwise : asked).substr(0, kMaxNameBytes));
}

}  // namespace

CallWatch::CallWatch(absl::Duration slow, CallObserver observer)
    : slow_(slow == absl::ZeroDuration() ? std::chrono::nanoseconds::max()
                                         : absl::ToChronoNanoseconds(slow)),
      observer_(std::move(observer)) {
  static_assert(static_cast<size_t>(absl::StatusCode::kUnauthenticated) + 1 == kCodes);
}

std::optional<CallRecord> CallWatch::Begin(const absl::Status& status,
                                           std::chrono::steady_clock::time_point accepted,
                                           grpc::ServerContextBase& context) {
  const auto now = std::chrono::steady_clock::now();
  const std::optional<int64_t> left_out = rates_[static_cast<size_t>(status.code())].Take(now);
  const bool cheap = status.ok() || absl::IsResourceExhausted(status);
  if (!left_out.has_value() && cheap) return std::nullopt;
  CallRecord record;
  record.request_id = RequestIdOf(Metadata(context, kRequestIdKey));
  if (!status.ok()) context.AddTrailingMetadata(kRequestIdKey, record.request_id);
  if (!left_out.has_value() || observer_ == nullptr) return std::nullopt;
  record.status = absl::Status(status.code(), status.message());  // shared with no other thread
  record.took = absl::FromChrono(now - accepted);
  record.peer = context.peer();
  record.client = ClientOf(context);
  if (const auto trace = ParseTraceparent(Metadata(context, "traceparent"))) {
    record.trace_id = std::string(trace->trace_id);
    record.span_id = std::string(trace->span_id);
  }
  record.left_out = *left_out;
  return record;
}

void CallWatch::Tell(const Edge::Ticket& ticket, const absl::Status& status,
                     const AskedTable& asked, grpc::ServerContext& context) {
  std::optional<CallRecord> record = Begin(status, ticket.accepted, context);
  if (!record.has_value()) return;
  record->method = std::string(RpcMethodName(ticket.method));
  record->items = ticket.items;
  if (ticket.admitted) {
    record->score_set = NameOf(asked.score_set, kDefaultScoreSet);
    record->variant = NameOf(asked.variant, kControlVariant);
  }
  observer_(*std::move(record));
}

void CallWatch::TellFailed(absl::string_view path, std::chrono::steady_clock::time_point accepted,
                           const absl::Status& status, grpc::ServerContextBase& context) {
  std::optional<CallRecord> record = Begin(status, accepted, context);
  if (!record.has_value()) return;
  record->admin = true;
  record->method = std::string(path.substr(path.rfind('/') + 1));  // all of it without a '/'
  observer_(*std::move(record));
}

}  // namespace oasis
