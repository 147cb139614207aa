#include "apps/loadtest/load_client.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "apps/loadtest/response.h"

namespace oasis {
namespace {

constexpr char kClientKey[] = "x-oasis-client";
constexpr char kMethod[] = "/oasis.v1.PromotionScores/GetPromotionScores";

}  // namespace

LoadClient::LoadClient(const LoadTestOptions& options, const TestClock& clock,
                       const std::vector<grpc::ByteBuffer>& requests,
                       const std::vector<std::shared_ptr<grpc::Channel>>& connections,
                       size_t first_request)
    : options_(options), clock_(clock), requests_(requests), next_request_(first_request) {
  for (const auto& connection : connections) {
    connections_.push_back(std::make_unique<grpc::GenericStub>(connection));
  }
}

void LoadClient::Start(Call* call, SteadyTime due) {
  call->due = due;
  call->context.emplace();
  if (options_.deadline != absl::InfiniteDuration()) {
    call->context->set_deadline(std::chrono::system_clock::now() +
                                absl::ToChronoNanoseconds(options_.deadline));
  }
  if (!options_.client.empty()) call->context->AddMetadata(kClientKey, options_.client);
  call->response.Clear();
  grpc::GenericStub& stub = *connections_[next_connection_];
  next_connection_ = (next_connection_ + 1) % connections_.size();
  const grpc::ByteBuffer& request = requests_[next_request_];
  next_request_ = (next_request_ + 1) % requests_.size();
  call->reader = stub.PrepareUnaryCall(&*call->context, kMethod, request, &queue_);
  call->reader->StartCall();
  call->reader->Finish(&call->response, &call->status, call);
}

void LoadClient::Complete(Call* call) {
  call->reader.reset();
  if (!Measured(call->due)) return;
  const absl::Duration took = absl::FromChrono(std::chrono::steady_clock::now() - call->due);
  if (!call->status.ok()) {
    const std::string code =
        absl::StatusCodeToString(static_cast<absl::StatusCode>(call->status.error_code()));
    const std::string& message = call->status.error_message();
    figures_.AddError(code, message.empty() ? code : message);
    if (code == kRefusedCode) figures_.refusal_latency.Record(took);
    return;
  }
  figures_.latency.Record(took);
  if (ReadAnswer(call->response) && took <= options_.deadline) ++figures_.in_time;
}

bool LoadClient::ReadAnswer(const grpc::ByteBuffer& response) {
  grpc::Slice slice;
  if (!response.TrySingleSlice(&slice).ok() && !response.DumpToSingleSlice(&slice).ok()) {
    figures_.AddError("BAD_RESPONSE", "a response without bytes");
    return false;
  }
  const absl::string_view bytes(reinterpret_cast<const char*>(slice.begin()), slice.size());
  ResponseView view;
  if (!ReadResponse(bytes, &view)) {
    figures_.AddError("BAD_RESPONSE", "a response that is no GetPromotionScoresResponse");
    return false;
  }
  int64_t items = 0;
  for (const int64_t count : view.statuses) items += count;
  if (items != options_.batch) {
    figures_.AddError("BAD_RESPONSE", absl::StrCat("a response with ", items, " statuses for ",
                                                   options_.batch, " items"));
    return false;
  }
  ++figures_.answered;
  for (size_t i = 0; i < view.statuses.size(); ++i) figures_.statuses[i] += view.statuses[i];
  if (last_snapshot_ == nullptr || last_snapshot_->first != view.snapshot_id) {
    last_snapshot_ = &*figures_.snapshots.try_emplace(std::string(view.snapshot_id), 0).first;
  }
  ++last_snapshot_->second;
  return true;
}

}  // namespace oasis
