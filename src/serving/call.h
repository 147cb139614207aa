// The calls of one completion queue: posted, accepted, answered, reused.
#ifndef OASIS_SERVING_CALL_H_
#define OASIS_SERVING_CALL_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "rpc/status.h"
#include "serving/call_watch.h"
#include "serving/client_of.h"
#include "serving/edge.h"
#include "serving/exchanges.h"
#include "serving/pending_call.h"
#include "serving/replies.h"

namespace oasis {

// All calls of one method on one queue. Only the thread of the queue uses it.
template <typename Exchange>
class Calls {
 public:
  Calls(AsyncService* service, grpc::ServerCompletionQueue* queue, Edge* edge, Replies* replies,
        CallWatch* watch)
      : service_(service), queue_(queue), edge_(edge), replies_(replies), watch_(watch) {}

  // Lets the server accept one more call.
  void Post() {
    std::unique_ptr<Call> call;
    if (idle_.empty()) {
      call = std::make_unique<Call>(this);
    } else {
      call = std::move(idle_.back());
      idle_.pop_back();
    }
    call.release()->Post();  // owned by the queue until it comes back
  }

 private:
  class Call final : public PendingCall {
   public:
    explicit Call(Calls* calls) : calls_(*calls) {}

    void Post() {
      context_.emplace();
      responder_.emplace(&*context_);
      answered_ = false;
      (calls_.service_->*Exchange::kAccept)(&*context_, &exchange_.request, &*responder_,
                                            calls_.queue_, calls_.queue_,
                                            static_cast<PendingCall*>(this));
    }

    bool OnEvent(bool ok) override {
      if (answered_) {
        calls_.replies_->Remove(reply_);
        calls_.edge_->Leave(ticket_, /*delivered=*/ok);
        calls_.Recycle(std::unique_ptr<Call>(this));
        return false;
      }
      if (!ok) {
        delete this;  // the server shuts down and takes no more calls
        return false;
      }
      calls_.Post();  // before any work: meanwhile the next call can arrive
      const absl::Status status = Accept();
      if (!status.ok()) Finish(status);
      return status.ok();
    }

    void Answer() override {
      Finish(exchange_.Answer(*calls_.edge_, &ticket_, context_->deadline()));
    }

    void Cancel() override { context_->TryCancel(); }

    // Lets go of gRPC's call: a server waits for all of them when it shuts down.
    void Release() {
      responder_.reset();
      context_.reset();
      exchange_.Clear();
    }
    size_t kept_bytes() const { return exchange_.kept_bytes(); }

   private:
    absl::Status Accept() {
      Edge& edge = *calls_.edge_;
      OASIS_RETURN_IF_ERROR(edge.Receive(Exchange::kMethod, context_->deadline(), &ticket_));
      absl::Status read = exchange_.Read(edge);
      if (!read.ok()) {
        Edge::Fail(read, &ticket_);
        return read;
      }
      const std::string client = edge.limits_clients() ? ClientOf(*context_) : std::string();
      return edge.Admit(exchange_.items(), client, &ticket_);
    }

    void Finish(const absl::Status& status) {
      answered_ = true;
      calls_.replies_->Add(reply_);
      if (ticket_.retry_after.has_value()) {
        context_->AddTrailingMetadata(kRetryPushbackKey,
                                      absl::StrCat(ticket_.retry_after->count()));
      }
      if (calls_.watch_->Concerns(ticket_)) {
        calls_.watch_->Tell(ticket_, status, exchange_.asked(), *context_);
      }
      void* const tag = static_cast<PendingCall*>(this);
      if (status.ok()) {
        responder_->Finish(exchange_.response, grpc::Status::OK, tag);
      } else {
        responder_->FinishWithError(ToGrpcStatus(status), tag);
      }
    }

    Calls& calls_;
    Exchange exchange_;  // keeps its memory from call to call
    std::optional<grpc::ServerContext> context_;
    std::optional<grpc::ServerAsyncResponseWriter<decltype(Exchange::response)>> responder_;
    Edge::Ticket ticket_;
    Replies::Place reply_{this};
    bool answered_ = false;
  };

  // Keeps a call for reuse, unless there are enough or a request made it large.
  void Recycle(std::unique_ptr<Call> call) {
    call->Release();
    if (idle_.size() < kMaxIdleCalls && call->kept_bytes() <= kMaxIdleCallBytes) {
      idle_.push_back(std::move(call));
    }
  }

  AsyncService* service_;
  grpc::ServerCompletionQueue* queue_;
  Edge* edge_;
  Replies* replies_;
  CallWatch* watch_;
  std::vector<std::unique_ptr<Call>> idle_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_CALL_H_
