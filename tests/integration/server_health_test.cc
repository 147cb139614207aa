// grpc.health.v1.Health and reflection.
#include <grpc/health/v1/health.grpc.pb.h>
#include <grpcpp/generic/generic_stub.h>

#include <string>
#include <thread>
#include <vector>

#include "oasis/limits.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Health = grpc::health::v1::Health;
using Response = grpc::health::v1::HealthCheckResponse;

constexpr char kServing[] = "oasis.v1.PromotionScores";
constexpr char kFresh[] = "oasis.v1.PromotionScores/fresh";

class ServerHealthTest : public ServerFixture {
 protected:
  void Start() {
    StartServer();
    health_ = Health::NewStub(channel_);
  }
  Response::ServingStatus Check(const std::string& service) {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckRequest request;
    Response response;
    request.set_service(service);
    last_ = health_->Check(&context, request, &response);
    return response.status();
  }
  std::unique_ptr<grpc::ClientReader<Response>> Watch(grpc::ClientContext* context,
                                                      const std::string& service) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    return health_->Watch(context, request);
  }

  std::unique_ptr<Health::Stub> health_;
  grpc::Status last_;
};

TEST_F(ServerHealthTest, ServesFromTheFirstTableOn) {
  Start();
  EXPECT_EQ(Check(""), Response::NOT_SERVING);
  EXPECT_EQ(Check(kServing), Response::NOT_SERVING);
  EXPECT_EQ(Check(kFresh), Response::NOT_SERVING);
  PublishConstant(0.5F);
  EXPECT_EQ(Check(""), Response::SERVING);
  EXPECT_EQ(Check(kServing), Response::SERVING);
  EXPECT_EQ(Check(kFresh), Response::SERVING);
  EXPECT_THAT(metrics_->Text(), AllOf(HasSubstr("oasis_serving 1"), HasSubstr("oasis_fresh 1")));
}

TEST_F(ServerHealthTest, DoesNotServeUntilARestartHasRestoredAll) {
  tables_->BeginRestore();
  Start();
  PublishConstant(0.5F);
  EXPECT_EQ(Check(""), Response::NOT_SERVING);
  EXPECT_EQ(Check(kFresh), Response::NOT_SERVING);
  Publish(BuildConstantTable({"house-ads", "control", "s", absl::Now()}, 1, 1));
  EXPECT_EQ(Check(kServing), Response::NOT_SERVING);
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_serving 0"));
  tables_->EndRestore({});
  EXPECT_EQ(Check(kServing), Response::SERVING);
  EXPECT_EQ(Check(kFresh), Response::SERVING);
}

TEST_F(ServerHealthTest, IsNotFreshWhileATableIsMissingThatCouldNotBeRestored) {
  tables_->BeginRestore();
  PublishConstant(0.5F);
  Start();
  tables_->EndRestore({{"house-ads", "control"}});
  EXPECT_EQ(Check(kServing), Response::SERVING);
  EXPECT_EQ(Check(kFresh), Response::NOT_SERVING);
  EXPECT_THAT(metrics_->Text(), AllOf(HasSubstr("oasis_serving 1"), HasSubstr("oasis_fresh 0")));
  Publish(BuildConstantTable({"house-ads", "control", "s", absl::Now()}, 1, 1));
  EXPECT_EQ(Check(kFresh), Response::SERVING);
}

TEST_F(ServerHealthTest, IsNotFreshWhenAnySnapshotIsTooOld) {
  options_.staleness.others.max_age = absl::Hours(2);
  Start();
  PublishConstant(0.5F);
  Publish(BuildConstantTable({"house-ads", "control", "s", absl::Now() - absl::Hours(3)}, 1, 1));
  EXPECT_EQ(Check(kServing), Response::SERVING);
  EXPECT_EQ(Check(kFresh), Response::NOT_SERVING);
  EXPECT_THAT(metrics_->Text(), AllOf(HasSubstr("oasis_serving 1"), HasSubstr("oasis_fresh 0")));
  Publish(BuildConstantTable({"house-ads", "control", "t", absl::Now()}, 1, 1));
  EXPECT_EQ(Check(kFresh), Response::SERVING);
}

TEST_F(ServerHealthTest, AStaleTableDoesWhatItsScoreSetSays) {
  const auto stale = [this](WhenStale when_stale) {
    options_.staleness.score_sets["discovery-mode"] = {absl::Hours(2), when_stale};
    server_.reset();
    Start();
    Publish(
        BuildConstantTable({"discovery-mode", "control", "s", absl::Now() - absl::Hours(3)}, 1, 1));
    EXPECT_TRUE(Get().ok());  // in any case it answers
    EXPECT_EQ(Check(kFresh), Response::NOT_SERVING);
  };
  stale(WhenStale::kServe);
  EXPECT_FALSE(response_.snapshot().stale());
  EXPECT_EQ(Check(kServing), Response::SERVING);
  stale(WhenStale::kFlag);
  EXPECT_TRUE(response_.snapshot().stale());
  EXPECT_EQ(Check(kServing), Response::SERVING);
  stale(WhenStale::kNotServing);
  EXPECT_TRUE(response_.snapshot().stale());
  EXPECT_EQ(Check(""), Response::NOT_SERVING);
  Publish(BuildConstantTable({"discovery-mode", "control", "t", absl::Now()}, 1, 1));
  EXPECT_TRUE(Get().ok());
  EXPECT_FALSE(response_.snapshot().stale());
  EXPECT_EQ(Check(""), Response::SERVING);
}

TEST_F(ServerHealthTest, DoesNotServeWhileATableWasDroppedForTheNext) {
  Start();
  PublishConstant(0.5F);
  Publish(BuildConstantTable({"house-ads", "control", "s", absl::Now()}, 1, 1));
  tables_->Drop("discovery-mode", "control");
  EXPECT_EQ(Check(kServing), Response::NOT_SERVING);
  const grpc::Status status = Get();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("is being replaced"));
  PublishConstant(0.5F);
  EXPECT_EQ(Check(kServing), Response::SERVING);
}

TEST_F(ServerHealthTest, DoesNotKnowOtherNames) {
  Start();
  Check("oasis.v1.Nope");
  EXPECT_EQ(last_.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(last_.error_message(), AllOf(HasSubstr("'oasis.v1.Nope'"), HasSubstr(kFresh)));
}

TEST_F(ServerHealthTest, AWatcherHearsOfThePublishAndOfTheDrain) {
  Start();
  grpc::ClientContext context;
  const auto reader = Watch(&context, kServing);
  Response response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), Response::NOT_SERVING);
  PublishConstant(0.5F);
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), Response::SERVING);
  std::thread drain([this] { server_->Drain(absl::InfiniteDuration()); });
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), Response::NOT_SERVING);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  drain.join();
}

TEST_F(ServerHealthTest, AWatcherOfAnUnknownNameIsToldSoAndKept) {
  Start();
  grpc::ClientContext context;
  const auto reader = Watch(&context, "nope");
  Response response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), Response::SERVICE_UNKNOWN);
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

// UNIMPLEMENTED is the one failure that gRPC's clients take for "no health service, so healthy".
// Any other would make them ask again and again and send no calls: a limit meant to protect the
// server would lock them out of it.
TEST_F(ServerHealthTest, AWatcherTooManyIsToldThatThereIsNoWatchingAndIsServed) {
  PublishConstant(0.5F);
  Start();
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<Response>>> readers;
  Response response;
  for (int i = 0; i < kMaxHealthWatchers; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(Watch(contexts.back().get(), ""));
    ASSERT_TRUE(readers.back()->Read(&response));
  }
  grpc::ClientContext context;
  const auto reader = Watch(&context, "");
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Check(""), Response::SERVING);
  EXPECT_TRUE(Get().ok());
  for (const auto& one : contexts) one->TryCancel();
}

TEST_F(ServerHealthTest, ReflectionListsTheServices) {
  Start();
  // The wire form of ServerReflectionRequest{list_services: ""}; its answer holds the names as
  // text.
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_wait_for_ready(true);  // a busy machine may take long to connect
  grpc::GenericStub stub(channel_);
  const auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  call->StartCall(nullptr);
  ASSERT_TRUE(wait());
  const grpc::Slice slice("\x3a\x00", 2);
  call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
  ASSERT_TRUE(wait());
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(wait());
  grpc::Slice bytes;
  ASSERT_TRUE(answer.DumpToSingleSlice(&bytes).ok());
  const std::string text(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  EXPECT_THAT(text, AllOf(HasSubstr(kServing), HasSubstr("grpc.health.v1.Health")));
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(wait());
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace oasis::testing
