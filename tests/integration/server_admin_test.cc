// The log level by the admin port of a real server, and what the journal keeps of it.
#include "admin/server_admin.h"

#include <atomic>
#include <string>

#include "oasis/v1/server_admin.grpc.pb.h"
#include "support/loader_support.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ServerAdminTest : public LoaderFixture {
 protected:
  ServerAdminTest() {
    ServerAdminService::Options admin;
    admin.log_level = [this] { return level_.load(); };
    admin.set_log_level = [this](v1::LogLevel level) { level_ = level; };
    Server::Options options;
    options.listen = "127.0.0.1:0";
    options.admin_listen = "127.0.0.1:0";
    options.threads = 2;
    auto started = Server::Start(options, tables_, std::make_shared<Metrics>(),
                                 {std::make_shared<ServerAdminService>(store_, admin)});
    EXPECT_THAT(started, IsOk());
    server_ = *std::move(started);
    stub_ = v1::ServerAdmin::NewStub(Connect(server_->admin_port()));
  }

  grpc::Status Set(v1::LogLevel level, const std::string& reason = "") {
    grpc::ClientContext context;
    context.AddMetadata("x-oasis-actor", "alice");
    v1::SetLogLevelRequest request;
    request.set_level(level);
    request.set_reason(reason);
    return stub_->SetLogLevel(&context, request, &set_);
  }
  v1::LogLevel Get() {
    grpc::ClientContext context;
    v1::GetLogLevelResponse response;
    EXPECT_TRUE(stub_->GetLogLevel(&context, {}, &response).ok());
    return response.level();
  }

  std::atomic<v1::LogLevel> level_ = v1::LOG_LEVEL_INFO;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::ServerAdmin::Stub> stub_;
  v1::SetLogLevelResponse set_;
};

TEST_F(ServerAdminTest, TheLevelIsShownAndChanged) {
  EXPECT_EQ(Get(), v1::LOG_LEVEL_INFO);
  ASSERT_TRUE(Set(v1::LOG_LEVEL_DEBUG).ok());
  EXPECT_EQ(set_.before(), v1::LOG_LEVEL_INFO);
  EXPECT_EQ(set_.warning(), "");
  EXPECT_EQ(level_, v1::LOG_LEVEL_DEBUG);
  EXPECT_EQ(Get(), v1::LOG_LEVEL_DEBUG);
}

TEST_F(ServerAdminTest, TheJournalKeepsWhoChangedIt) {
  ASSERT_TRUE(Set(v1::LOG_LEVEL_ERROR, "too loud").ok());
  ASSERT_TRUE(Set(v1::LOG_LEVEL_ERROR).ok());
  OASIS_ASSERT_OK_AND_ASSIGN(const auto entries, store_->ReadJournal({}));
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_THAT(entries[1].actor, StartsWith("user alice at ipv4:127.0.0.1:"));
  EXPECT_EQ(entries[1].action, "log-level");
  EXPECT_EQ(entries[1].outcome, "ok");
  EXPECT_EQ(entries[1].detail, "info -> error; too loud");
  EXPECT_EQ(entries[0].outcome, "unchanged");
}

TEST_F(ServerAdminTest, RefusesALevelThatThereIsNot) {
  for (const int level : {0, 5, -1}) {
    EXPECT_THAT(Set(static_cast<v1::LogLevel>(level)),
                HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("LOG_LEVEL_WARNING")));
  }
  EXPECT_THAT(Set(v1::LOG_LEVEL_DEBUG, "two\nlines"),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("reason")));
  EXPECT_EQ(level_, v1::LOG_LEVEL_INFO);
}

}  // namespace
}  // namespace oasis::testing
