// More than a server can take: what is refused, how, and that nothing of it stays.
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <map>
#include <memory>
#include <string>

#include "support/burst.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

int CountOf(const std::map<grpc::StatusCode, int>& codes, grpc::StatusCode code) {
  const auto found = codes.find(code);
  return found == codes.end() ? 0 : found->second;
}

// A server for one call of eight items at a time.
class OverloadTest : public ServerFixture {
 protected:
  OverloadTest() {
    options_.threads = 1;
    options_.max_items_per_request = 8;
    options_.max_inflight_items = 8;
    options_.clock = [clock = clock_] { return clock->Now(); };
    PublishConstant(0.5F);
    request_.set_item_gids(std::string(8 * kGidBytes, 'x'));
  }

  std::shared_ptr<GatedClock> clock_ = std::make_shared<GatedClock>();
};

TEST_F(OverloadTest, RefusesAtOnceWithPushbackWhatIsBeyondTheLimitAndAnswersTheRest) {
  StartServer();
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
  const int refused = CountOf(codes, grpc::StatusCode::RESOURCE_EXHAUSTED);
  ASSERT_GT(refused, 0);
  EXPECT_EQ(refused + CountOf(codes, grpc::StatusCode::OK), kCalls);
  EXPECT_THAT(burst.message(), HasSubstr("its limit is 8"));
  EXPECT_THAT(burst.pushbacks(), AllOf(SizeIs(refused), Each("-1")));
  AwaitMetric(absl::StrCat(
      R"(oasis_requests_total{method="GetPromotionScores",code="RESOURCE_EXHAUSTED"} )", refused));
  AwaitMetric(absl::StrCat(R"(oasis_refused_requests_total{reason="inflight_items"} )", refused));
  AwaitMetric("oasis_inflight_requests 0");
  EXPECT_TRUE(Get().ok());  // and goes on when it is over
  AwaitMetric("oasis_inflight_items 0");
}

TEST_F(OverloadTest, AClientBeyondItsRateIsRefusedAndToldWhenToComeAgainAndOthersAreNot) {
  options_.max_inflight_items = 0;
  options_.client_items_per_second = 8;
  StartServer();
  constexpr int kCalls = 64;  // a minute's worth
  Burst greedy(*stub_, request_, kCalls);
  greedy.NameClient("greedy");
  greedy.Start();
  const auto codes = greedy.Await();
  const int refused = CountOf(codes, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_GT(refused, 0);
  EXPECT_GT(CountOf(codes, grpc::StatusCode::OK), 0);
  EXPECT_THAT(greedy.message(), HasSubstr("client 'says:greedy' asks for more than its 8 items"));
  ASSERT_THAT(greedy.pushbacks(), SizeIs(refused));
  EXPECT_GT(std::stoi(greedy.pushbacks().front()), 0);
  EXPECT_LE(std::stoi(greedy.pushbacks().front()), 1000);
  Burst modest(*stub_, request_, 1);
  modest.NameClient("modest");
  modest.Start();
  EXPECT_EQ(CountOf(modest.Await(), grpc::StatusCode::OK), 1);
  EXPECT_TRUE(Get().ok());  // nor are those without a name
  AwaitMetric(absl::StrCat(R"(oasis_refused_requests_total{reason="client_rate"} )", refused));
  AwaitMetric("oasis_inflight_items 0");
}

// A caller that sends a request and never reads the answer, which is larger than what flow control
// lets a server send to it.
class SlowReader {
 public:
  SlowReader(int port, const v1::GetPromotionScoresRequest& request)
      : stub_(ConnectWithAFixedWindow(port)) {
    const grpc::Slice bytes(request.SerializeAsString());
    call_ = stub_.PrepareCall(&context_, "/oasis.v1.PromotionScores/GetPromotionScores", &queue_);
    call_->StartCall(nullptr);
    Await();
    call_->WriteLast(grpc::ByteBuffer(&bytes, 1), {}, nullptr);
    Await();
  }
  ~SlowReader() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Await();
    queue_.Shutdown();
    Await();
  }

 private:
  // Else the client would let the server send more, the faster it does.
  static std::shared_ptr<grpc::Channel> ConnectWithAFixedWindow(int port) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                     grpc::InsecureChannelCredentials(), arguments);
  }
  void Await() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
  }
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST_F(OverloadTest, ACallerThatDoesNotReadItsReplyHoldsTheItemsOfOthersNoLongerThanItMay) {
  options_.max_items_per_request = 4096;
  options_.max_inflight_items = 4096;
  options_.max_reply_time = absl::Milliseconds(50);
  StartServer();
  v1::GetPromotionScoresRequest large = request_;
  large.set_item_gids(std::string(4096 * kGidBytes, 'x'));
  for (int i = 0; i < kMaxSignalsPerRequest; ++i) large.add_signals("promotion");
  const SlowReader slow(server_->port(), large);
  AwaitMetric(R"(oasis_requests_total{method="GetPromotionScores",code="CANCELLED"} 1)");
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0\n"));
  EXPECT_TRUE(Get().ok());
}

}  // namespace
}  // namespace oasis::testing
