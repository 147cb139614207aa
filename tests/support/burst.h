// Many calls at once.
#ifndef OASIS_TESTS_SUPPORT_BURST_H_
#define OASIS_TESTS_SUPPORT_BURST_H_

#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "oasis/v1/promotion_scores.grpc.pb.h"

namespace oasis::testing {

// Calls under way at the same time, by the asynchronous client.
class Burst {
 public:
  Burst(v1::PromotionScores::Stub& stub, const v1::GetPromotionScoresRequest& request, int calls,
        std::chrono::milliseconds deadline = std::chrono::hours(1))
      : stub_(stub), request_(request), deadline_(deadline), calls_(static_cast<size_t>(calls)) {}

  // Before Start: they are of that client.
  void NameClient(const std::string& name) {
    for (Call& call : calls_) call.context.AddMetadata("x-oasis-client", name);
  }

  void Start() {
    for (Call& call : calls_) {
      call.context.set_deadline(std::chrono::system_clock::now() + deadline_);
      stub_.async()->GetPromotionScores(
          &call.context, &request_, &call.response, [this, &call](const grpc::Status& status) {
            const std::lock_guard<std::mutex> lock(mutex_);
            for (const auto& [key, value] : call.context.GetServerTrailingMetadata()) {
              if (key == "grpc-retry-pushback-ms") {
                pushbacks_.emplace_back(value.data(), value.size());
              }
            }
            ++codes_[status.error_code()];
            message_ = status.ok() ? message_ : status.error_message();
            ++done_;
            changed_.notify_all();
          });
    }
  }
  // How often each code came, when all have.
  std::map<grpc::StatusCode, int> Await() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return done_ == calls_.size(); });
    return codes_;
  }
  // After Await: the message of a failed one; what each that was pushed back was told.
  const std::string& message() const { return message_; }
  const std::vector<std::string>& pushbacks() const { return pushbacks_; }

 private:
  struct Call {
    grpc::ClientContext context;
    v1::GetPromotionScoresResponse response;
  };
  v1::PromotionScores::Stub& stub_;
  v1::GetPromotionScoresRequest request_;
  std::chrono::milliseconds deadline_;
  std::vector<Call> calls_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<grpc::StatusCode, int> codes_;
  std::string message_;
  std::vector<std::string> pushbacks_;
  size_t done_ = 0;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_BURST_H_
