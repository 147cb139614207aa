// What a server tells of calls that failed or were slow.
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kTraceparent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class ServerCallsTest : public ServerFixture {
 protected:
  ServerCallsTest() {
    options_.slow_call = absl::InfiniteDuration();
    options_.call_observer = [this](CallRecord record) {
      const std::lock_guard lock(mutex_);
      records_.push_back(std::move(record));
    };
  }
  ~ServerCallsTest() override {
    if (server_ != nullptr) server_->Drain(absl::ZeroDuration());
  }

  // A call with that metadata; returns the request id that came with its end.
  std::string Call(const std::vector<std::pair<std::string, std::string>>& metadata = {}) {
    grpc::ClientContext context;
    for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
    response_.Clear();
    status_ = stub_->GetPromotionScores(&context, request_, &response_);
    const auto& trailing = context.GetServerTrailingMetadata();
    const auto id = trailing.find("x-request-id");
    return id == trailing.end() ? "" : std::string(id->second.data(), id->second.size());
  }
  void SendBrokenRequest() {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const grpc::Slice bytes("\x22\x7f", 2);  // 127 bytes follow, it says
    const grpc::ByteBuffer request(&bytes, 1);
    const auto call = stub.PrepareUnaryCall(
        &context, "/oasis.v1.PromotionScores/GetPromotionScores", request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    call->Finish(&response, &status_, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
  }
  // A server tells of a call before it answers.
  std::vector<CallRecord> Records() {
    const std::lock_guard lock(mutex_);
    return std::exchange(records_, {});
  }

  std::mutex mutex_;
  std::vector<CallRecord> records_;
  grpc::Status status_;
};

TEST_F(ServerCallsTest, OfACallThatWentWellNothingIsTold) {
  PublishConstant(0.5F);
  StartServer();
  EXPECT_EQ(Call({{"traceparent", kTraceparent}, {"x-request-id", "r1"}}), "");
  EXPECT_TRUE(status_.ok());
  EXPECT_THAT(Records(), IsEmpty());
}

TEST_F(ServerCallsTest, AFailedCallIsToldWithItsTableItsTraceAndItsId) {
  StartServer();  // without a snapshot
  request_.set_score_set("other");
  EXPECT_EQ(Call({{"traceparent", kTraceparent}, {"x-request-id", "r1"}}), "r1");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::UNAVAILABLE);
  const std::vector<CallRecord> records = Records();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_THAT(records[0].status,
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no snapshot")));
  EXPECT_EQ(records[0].method, "GetPromotionScores");
  EXPECT_GT(records[0].took, absl::ZeroDuration());
  EXPECT_EQ(records[0].items, 1);
  EXPECT_EQ(records[0].score_set, "other");
  EXPECT_EQ(records[0].variant, "control");
  EXPECT_THAT(records[0].peer, StartsWith("ipv4:127.0.0.1:"));
  EXPECT_EQ(records[0].request_id, "r1");
  EXPECT_EQ(records[0].trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(records[0].span_id, "00f067aa0ba902b7");
}

TEST_F(ServerCallsTest, ASlowCallIsToldAndItsAnswerIsAsEver) {
  options_.slow_call = absl::Nanoseconds(1);  // so every call is
  PublishConstant(0.5F);
  StartServer();
  EXPECT_EQ(Call({{"x-request-id", "r1"}}), "");
  EXPECT_TRUE(status_.ok());
  const std::vector<CallRecord> records = Records();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_THAT(records[0].status, IsOk());
  EXPECT_GT(records[0].took, absl::ZeroDuration());
  EXPECT_EQ(records[0].score_set, "discovery-mode");
  EXPECT_EQ(records[0].request_id, "r1");
}

TEST_F(ServerCallsTest, WithZeroNoCallIsSlow) {
  options_.slow_call = absl::ZeroDuration();
  PublishConstant(0.5F);
  StartServer();
  Call();
  EXPECT_TRUE(status_.ok());
  EXPECT_THAT(Records(), IsEmpty());
}

TEST_F(ServerCallsTest, AnErrorHasAnIdAlsoWhereItsCallerGaveNoneThatIsGood) {
  StartServer();
  const std::vector<std::vector<std::pair<std::string, std::string>>> cases = {
      {},
      {{"x-request-id", std::string(kMaxRequestIdBytes + 1, 'x')}},
      {{"x-request-id", "two words"}},
      {{"x-request-id", "r1"}, {"x-request-id", "r2"}}};
  for (const auto& metadata : cases) {
    const std::string id = Call(metadata);
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{16}"));
    const std::vector<CallRecord> records = Records();
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0].request_id, id);
  }
}

TEST_F(ServerCallsTest, ATraceThatIsNotValidIsIgnored) {
  StartServer();
  const std::string traceparent = kTraceparent;
  for (const std::string& header : {traceparent.substr(1), traceparent + "-x"}) {
    Call({{"traceparent", header}});
    const std::vector<CallRecord> records = Records();
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0].trace_id, "");
    EXPECT_EQ(records[0].span_id, "");
  }
}

TEST_F(ServerCallsTest, ARequestThatCannotBeReadIsToldWithoutATable) {
  PublishConstant(0.5F);
  StartServer();
  request_.set_score_set("discovery-mode");
  ASSERT_TRUE(Get().ok());  // its names must not show up in the next record
  SendBrokenRequest();
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const std::vector<CallRecord> records = Records();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].score_set, "");
  EXPECT_EQ(records[0].items, 0);
}

TEST_F(ServerCallsTest, OneSecondHasSoManyOfACodeAndTheRestIsCounted) {
  StartServer();
  const auto second = [] {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  constexpr int kCalls = 200;
  const int64_t began = second();
  for (int i = 0; i < kCalls; ++i) EXPECT_NE(Call(), "");
  const int64_t seconds = second() - began + 1;
  const std::vector<CallRecord> records = Records();
  int64_t counted = 0;
  for (const CallRecord& record : records) counted += 1 + record.left_out;
  EXPECT_THAT(static_cast<int64_t>(records.size()), Le(seconds * kCallLinesPerSecond));
  EXPECT_THAT(counted, Le(kCalls));
}

TEST_F(ServerCallsTest, WithoutAnObserverErrorsHaveTheirIdsAllTheSame) {
  options_.call_observer = nullptr;
  StartServer();
  EXPECT_EQ(Call({{"x-request-id", "r1"}}), "r1");
}

}  // namespace
}  // namespace oasis::testing
