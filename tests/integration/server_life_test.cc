// Start, ports, the admin server, drain.
#include <atomic>
#include <string>
#include <thread>

#include "oasis/v1/snapshot_admin.grpc.pb.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FakeAdmin final : public v1::SnapshotAdmin::Service {
  grpc::Status GetStatus(grpc::ServerContext* /*context*/, const v1::GetStatusRequest* /*request*/,
                         v1::GetStatusResponse* response) override {
    response->set_version("fake");
    return grpc::Status::OK;
  }
  // Streams until the caller goes away or the server ends the call.
  grpc::Status LoadSnapshot(grpc::ServerContext* context,
                            const v1::LoadSnapshotRequest* /*request*/,
                            grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) override {
    writer->Write(v1::LoadSnapshotResponse());
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  }
};

class ServerLifeTest : public ServerFixture {
 protected:
  absl::Status TryStart() { return Server::Start(options_, tables_, metrics_, {}).status(); }
};

TEST_F(ServerLifeTest, RefusesAPortInUse) {
  StartServer();
  options_.listen = absl::StrCat("127.0.0.1:", server_->port());
  EXPECT_THAT(TryStart(), StatusIs(absl::StatusCode::kUnavailable,
                                   AllOf(HasSubstr(options_.listen), HasSubstr("already in use"),
                                         HasSubstr("choose another port"))));
}

TEST_F(ServerLifeTest, RefusesAnAdminPortInUseAndLetsGoOfTheOther) {
  StartServer();
  options_.admin_listen = absl::StrCat("127.0.0.1:", server_->port());
  EXPECT_THAT(Server::Start(options_, tables_, metrics_, {std::make_shared<FakeAdmin>()}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr(options_.admin_listen)));
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_serving 0"));
  EXPECT_EQ(Get().error_code(),
            grpc::StatusCode::UNAVAILABLE);  // the first one, without a snapshot
}

TEST_F(ServerLifeTest, RefusesAMalformedAddress) {
  options_.listen = "50051";
  EXPECT_THAT(TryStart(), StatusIs(absl::StatusCode::kInvalidArgument,
                                   AllOf(HasSubstr("'50051'"), HasSubstr("host:port"))));
}

TEST_F(ServerLifeTest, RefusesOptionsOutOfTheirLimits) {
  const auto refused = [this](const std::string& what) {
    EXPECT_THAT(TryStart(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)));
  };
  const Server::Options good = options_;
  options_.threads = -1;
  refused("threads is -1");
  options_ = good;
  options_.threads = kMaxServingThreads + 1;
  refused("threads is 257: must be 0 to 256");
  options_ = good;
  options_.max_items_per_request = 0;
  refused("max-items-per-request is 0");
  options_ = good;
  options_.max_inflight_items = options_.max_items_per_request - 1;
  refused("max-inflight-items is 4095: must be at least 4096");
  options_ = good;
  options_.client_items_per_second = 5;
  refused("client-items-per-second is 5: must be at least 4096");
  options_ = good;
  options_.max_connection_age = absl::ZeroDuration();
  refused("max-connection-age is 0");
  options_ = good;
  options_.staleness.others.max_age = absl::ZeroDuration();
  refused("max-age is 0");
}

TEST_F(ServerLifeTest, RefusesAnAdminPortThatOthersReachInPlaintext) {
  options_.admin_listen = "0.0.0.0:0";
  EXPECT_THAT(Server::Start(options_, tables_, metrics_, {std::make_shared<FakeAdmin>()}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("plaintext on 0.0.0.0:0"), HasSubstr("--admin-tls-cert"),
                             HasSubstr("--admin-insecure"))));
  options_.admin_insecure = true;
  StartServer({std::make_shared<FakeAdmin>()});
}

TEST_F(ServerLifeTest, RefusesHalfOfWhatAnAdminPortWithTlsNeeds) {
  const auto refused = [this] {
    EXPECT_THAT(TryStart(), StatusIs(absl::StatusCode::kInvalidArgument,
                                     AllOf(HasSubstr("--admin-tls-cert, --admin-tls-key"),
                                           HasSubstr("--admin-roles"))));
  };
  options_.admin_tls = {"cert", "key", "ca"};
  refused();  // nobody could do anything
  options_.admit_admin_call = [](const auto&, auto, auto) { return absl::OkStatus(); };
  options_.admin_tls.ca.clear();
  refused();  // nobody could be told from others
  options_.admin_tls = {};
  refused();
}

TEST_F(ServerLifeTest, RefusesMoreThreadsThanThereAreReaders) {
  std::vector<LiveTables::Reader> readers;
  for (int i = 0; i < kMaxReaders - 1; ++i) readers.push_back(*tables_->NewReader());
  EXPECT_THAT(TryStart(), StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("readers")));
}

TEST_F(ServerLifeTest, TheAdminServiceAnswersOnItsOwnPort) {
  StartServer({std::make_shared<FakeAdmin>()});
  EXPECT_NE(server_->admin_port(), server_->port());
  const auto admin = v1::SnapshotAdmin::NewStub(Connect(server_->admin_port()));
  grpc::ClientContext context;
  v1::GetStatusResponse response;
  const grpc::Status status = admin->GetStatus(&context, {}, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.version(), "fake");
  // And not on the serving one.
  grpc::ClientContext other;
  const auto serving = v1::SnapshotAdmin::NewStub(channel_);
  EXPECT_EQ(serving->GetStatus(&other, {}, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(ServerLifeTest, ALongAdminCallDoesNotHoldUpTheOthersAndEndsWithTheServer) {
  PublishConstant(0.5F);
  StartServer({std::make_shared<FakeAdmin>()});
  const auto admin = v1::SnapshotAdmin::NewStub(Connect(server_->admin_port()));
  grpc::ClientContext loading;
  const auto reader = admin->LoadSnapshot(&loading, {});
  v1::LoadSnapshotResponse progress;
  ASSERT_TRUE(reader->Read(&progress));
  grpc::ClientContext context;
  v1::GetStatusResponse response;
  EXPECT_TRUE(admin->GetStatus(&context, {}, &response).ok());
  EXPECT_TRUE(Get().ok());
  server_->Drain(absl::ZeroDuration());
  EXPECT_FALSE(reader->Finish().ok());
}

TEST_F(ServerLifeTest, AServingConnectionHasAnAgeAndAnAdminConnectionNone) {
  options_.max_connection_age = absl::Milliseconds(50);
  PublishConstant(0.5F);
  StartServer({std::make_shared<FakeAdmin>()});
  const auto admin = Connect(server_->admin_port());
  const auto never = std::chrono::system_clock::time_point::max();
  ASSERT_TRUE(admin->WaitForConnected(never));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(channel_->WaitForConnected(never));
    ASSERT_TRUE(channel_->WaitForStateChange(GRPC_CHANNEL_READY, never));
  }
  EXPECT_EQ(admin->GetState(false), GRPC_CHANNEL_READY);
  EXPECT_TRUE(Get().ok());
}

TEST_F(ServerLifeTest, ADrainLetsACallUnderWayEnd) {
  GatedClock clock;
  options_.clock = [&clock] { return clock.Now(); };
  PublishConstant(0.5F);
  StartServer();
  clock.Close();
  grpc::Status status;
  std::thread call([&] { status = Get(); });
  clock.AwaitHeld(1);
  std::atomic<bool> drained{false};
  std::thread drain([&] {
    server_->Drain(absl::InfiniteDuration());
    drained = true;
  });
  // The drain has begun when a new client finds no server. No deadlines: where the machine is busy,
  // probes that give up pile up, and none of them gets that far.
  const auto other = Connect(server_->port());
  grpc_connectivity_state state = GRPC_CHANNEL_IDLE;
  while ((state = other->GetState(/*try_to_connect=*/true)) != GRPC_CHANNEL_TRANSIENT_FAILURE) {
    other->WaitForStateChange(state, std::chrono::system_clock::time_point::max());
  }
  EXPECT_FALSE(drained);
  clock.Open();
  call.join();
  drain.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ServerLifeTest, ADrainCanBeRepeatedAndCalledFromTwoThreads) {
  StartServer();
  std::thread other([this] { server_->Drain(absl::ZeroDuration()); });
  server_->Drain(absl::Seconds(1));
  other.join();
  server_->Drain(absl::ZeroDuration());
  EXPECT_EQ(Get().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_serving 0"));
}

TEST_F(ServerLifeTest, ThePortIsFreeAgainAfterTheServer) {
  StartServer();
  options_.listen = absl::StrCat("127.0.0.1:", server_->port());
  server_.reset();
  StartServer();
  EXPECT_EQ(options_.listen, absl::StrCat("127.0.0.1:", server_->port()));
}

}  // namespace
}  // namespace oasis::testing
