// Many calls at once: admission, deadlines, reuse of calls.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Calls under way at the same time, by the asynchronous client.
class Burst {
 public:
  Burst(v1::PromotionScores::Stub& stub, const v1::GetPromotionScoresRequest& request, int calls,
        std::chrono::milliseconds deadline = std::chrono::hours(1))
      : stub_(stub), request_(request), deadline_(deadline), calls_(static_cast<size_t>(calls)) {}

  void Start() {
    for (Call& call : calls_) {
      call.context.set_deadline(std::chrono::system_clock::now() + deadline_);
      stub_.async()->GetPromotionScores(
          &call.context, &request_, &call.response, [this](const grpc::Status& status) {
            const std::lock_guard<std::mutex> lock(mutex_);
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
  const std::string& message() const { return message_; }  // of a failed one, after Await

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
  size_t done_ = 0;
};

class ServerLoadTest : public ServerFixture {
 protected:
  ServerLoadTest() {
    options_.threads = 1;
    options_.clock = [clock = clock_] { return clock->Now(); };
    PublishConstant(0.5F);
  }
  // A server with an open connection, whose one thread is held by the next call.
  v1::PromotionScores::Stub* StartServerThatIsHeld() {
    StartServer();
    EXPECT_TRUE(Get().ok());
    clock_->Close();
    return stub_.get();
  }

  // Shared: a call that was given up may still ask for the time when the test is over.
  std::shared_ptr<GatedClock> clock_ = std::make_shared<GatedClock>();
};

TEST_F(ServerLoadTest, RefusesAtOnceWhatIsBeyondTheLimit) {
  options_.max_items_per_request = 8;
  options_.max_inflight_items = 8;
  StartServer();
  request_.set_item_gids(std::string(8 * 16, 'x'));
  ASSERT_TRUE(Get().ok());  // the connection stands, so that a burst arrives at once
  clock_->Close();
  Burst first(*stub_, request_, 1);
  first.Start();
  clock_->AwaitHeld(1);
  constexpr int kCalls = 64;
  Burst burst(*stub_, request_, kCalls);
  burst.Start();
  clock_->Open();
  const auto codes = burst.Await();
  EXPECT_EQ(first.Await().at(grpc::StatusCode::OK), 1);
  ASSERT_EQ(codes.count(grpc::StatusCode::RESOURCE_EXHAUSTED), 1u);
  const int refused = codes.at(grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused + (codes.count(grpc::StatusCode::OK) ? codes.at(grpc::StatusCode::OK) : 0),
            kCalls);
  EXPECT_THAT(burst.message(), HasSubstr("its limit is 8"));
  AwaitMetric(absl::StrCat(
      R"(oasis_requests_total{method="GetPromotionScores",code="RESOURCE_EXHAUSTED"} )", refused));
  EXPECT_TRUE(Get().ok());  // and goes on when it is over
}

TEST_F(ServerLoadTest, NothingIsInFlightWhenAllIsAnswered) {
  StartServer();
  Burst burst(*stub_, request_, 200);
  burst.Start();
  EXPECT_EQ(burst.Await().at(grpc::StatusCode::OK), 200);
  server_->Drain(absl::InfiniteDuration());
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_requests 0\n"));
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0\n"));
  EXPECT_THAT(metrics_->Text(), HasSubstr(R"(method="GetPromotionScores",code="OK"} 200)"));
}

TEST_F(ServerLoadTest, AnswersMoreCallsAtOnceThanArePosted) {
  StartServer();
  clock_->Close();
  Burst burst(*stub_, request_, 10 * kPostedCallsPerMethod);
  burst.Start();
  clock_->AwaitHeld(1);
  clock_->Open();
  EXPECT_EQ(burst.Await().at(grpc::StatusCode::OK), 10 * kPostedCallsPerMethod);
}

TEST_F(ServerLoadTest, ACallerThatGivesUpCostsNothingButItsCall) {
  Burst held(*StartServerThatIsHeld(), request_, 1);
  held.Start();
  clock_->AwaitHeld(1);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(20));
  v1::GetPromotionScoresResponse response;
  EXPECT_EQ(stub_->GetPromotionScores(&context, request_, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  clock_->Open();
  EXPECT_EQ(held.Await().at(grpc::StatusCode::OK), 1);
  EXPECT_TRUE(Get().ok());
  server_->Drain(absl::InfiniteDuration());
  // Whether the server heard in time that the caller was gone is up to the network: edge_test holds
  // what is counted then.
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_requests 0\n"));
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0\n"));
}

TEST_F(ServerLoadTest, ACallWhoseDeadlinePassesInTheQueueIsCountedAsThatAndNotLookedUp) {
  Burst held(*StartServerThatIsHeld(), request_, 1);
  held.Start();
  clock_->AwaitHeld(1);
  // The thread that answers is held, so these wait in the queue of the server until it is too late.
  constexpr int kCalls = 3;
  Burst late(*stub_, request_, kCalls, std::chrono::milliseconds(50));
  late.Start();
  EXPECT_EQ(late.Await().at(grpc::StatusCode::DEADLINE_EXCEEDED), kCalls);
  // A server counts a call's 50 ms from when it heard of it, so its deadline is up to that later.
  absl::SleepFor(absl::Milliseconds(60));
  clock_->Open();
  EXPECT_EQ(held.Await().at(grpc::StatusCode::OK), 1);
  ASSERT_TRUE(Get().ok());
  server_->Drain(absl::InfiniteDuration());
  EXPECT_THAT(metrics_->Text(), HasSubstr(R"(status="found"} 3)"));  // of the calls that were OK
  EXPECT_THAT(metrics_->Text(), Not(HasSubstr(R"(code="CANCELLED"} 1)")));
}

TEST_F(ServerLoadTest, ADrainWithoutPatienceCancelsTheCallsUnderWay) {
  StartServer();
  clock_->Close();
  Burst burst(*stub_, request_, 3);
  burst.Start();
  clock_->AwaitHeld(1);
  std::thread drain([this] { server_->Drain(absl::ZeroDuration()); });
  const auto codes = burst.Await();  // the callers are let go though their call is still held
  EXPECT_EQ(codes.count(grpc::StatusCode::OK), 0u);
  clock_->Open();
  drain.join();
}

}  // namespace
}  // namespace oasis::testing
