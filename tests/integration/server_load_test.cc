// Many calls at once: deadlines, reuse of calls.
#include <chrono>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "support/burst.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// So many at once are answered however slow the machine is: more of them may be refused.
constexpr int kCallsAtOnce = static_cast<int>(kMaxUnrefusedCalls);
static_assert(kCallsAtOnce > kPostedCallsPerMethod);

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

TEST_F(ServerLoadTest, NothingIsInFlightWhenAllIsAnswered) {
  StartServer();
  Burst burst(*stub_, request_, kCallsAtOnce);
  burst.Start();
  EXPECT_EQ(burst.Await().at(grpc::StatusCode::OK), kCallsAtOnce);
  server_->Drain(absl::InfiniteDuration());
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_requests 0\n"));
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0\n"));
  EXPECT_THAT(metrics_->Text(),
              HasSubstr(absl::StrCat(R"(method="GetPromotionScores",code="OK"} )", kCallsAtOnce)));
}

TEST_F(ServerLoadTest, AnswersMoreCallsAtOnceThanArePosted) {
  StartServer();
  clock_->Close();
  Burst burst(*stub_, request_, kCallsAtOnce);
  burst.Start();
  clock_->AwaitHeld(1);
  clock_->Open();
  EXPECT_EQ(burst.Await().at(grpc::StatusCode::OK), kCallsAtOnce);
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
