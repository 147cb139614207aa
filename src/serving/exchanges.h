// What a call of each method keeps, from its arrival to its reply.
#ifndef OASIS_SERVING_EXCHANGES_H_
#define OASIS_SERVING_EXCHANGES_H_

#include <grpc/slice.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "oasis/status.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "serving/call_watch.h"
#include "serving/edge.h"

namespace oasis {

// GetPromotionScores arrives as bytes (get_wire.h), the other method as a message.
using AsyncService = v1::PromotionScores::WithRawMethod_GetPromotionScores<
    v1::PromotionScores::WithAsyncMethod_ExplainPromotionScore<v1::PromotionScores::Service>>;

// gRPC fills `request`; then Read, Answer and, when `response` has been sent, Clear. What `asked`
// tells is that request's only after Read went well. What is reused afterwards keeps kept_bytes of
// memory.
struct GetExchange {
  static constexpr RpcMethod kMethod = RpcMethod::kGetPromotionScores;
  static constexpr auto kAccept = &AsyncService::RequestGetPromotionScores;

  grpc::ByteBuffer request;
  grpc::ByteBuffer response;

  // Not OK when the bytes are no request.
  absl::Status Read(const Edge& edge) {
    if (!request.TrySingleSlice(&bytes_).ok() && !request.DumpToSingleSlice(&bytes_).ok()) {
      return absl::InvalidArgumentError("the bytes of the request cannot be read");
    }
    request.Clear();
    return ParseGetRequest({reinterpret_cast<const char*>(bytes_.begin()), bytes_.size()},
                           static_cast<size_t>(edge.max_items()), &parsed_);
  }
  int64_t items() const { return CountItems(parsed_); }
  AskedTable asked() const { return {parsed_.score_set, parsed_.variant}; }
  absl::Status Answer(Edge& edge, Edge::Ticket* ticket, Edge::Deadline deadline) {
    OASIS_ASSIGN_OR_RETURN(const GetReply* reply, edge.Answer(ticket, deadline, parsed_));
    grpc_slice encoded = grpc_slice_malloc(EncodedBytes(*reply));
    EncodeGetReply(*reply, GRPC_SLICE_START_PTR(encoded));
    const grpc::Slice slice(encoded, grpc::Slice::STEAL_REF);
    response = grpc::ByteBuffer(&slice, 1);
    return absl::OkStatus();
  }
  void Clear() {
    bytes_ = {};
    response.Clear();
  }
  size_t kept_bytes() const {
    return (parsed_.item_uris.capacity() + parsed_.signals.capacity()) * sizeof(absl::string_view);
  }

 private:
  grpc::Slice bytes_;  // of the request
  GetRequest parsed_;  // views into them
};

struct ExplainExchange {
  static constexpr RpcMethod kMethod = RpcMethod::kExplainPromotionScore;
  static constexpr auto kAccept = &AsyncService::RequestExplainPromotionScore;

  v1::ExplainPromotionScoreRequest request;
  v1::ExplainPromotionScoreResponse response;

  static absl::Status Read(const Edge& /*edge*/) { return absl::OkStatus(); }
  static int64_t items() { return 1; }
  AskedTable asked() const { return {request.score_set(), request.variant()}; }
  absl::Status Answer(Edge& edge, Edge::Ticket* ticket, Edge::Deadline deadline) {
    return edge.Answer(ticket, deadline, request, &response);
  }
  void Clear() {}
  // Strings of former requests stay in the message, so these count, too.
  size_t kept_bytes() const { return request.SpaceUsedLong() + response.SpaceUsedLong(); }
};

}  // namespace oasis

#endif  // OASIS_SERVING_EXCHANGES_H_
