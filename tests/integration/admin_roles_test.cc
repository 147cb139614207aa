// Who may do what on an admin port with TLS: real clients, real certificates, every call.
#include <google/protobuf/descriptor.h>

#include <optional>
#include <set>

#include "admin/override_admin.h"
#include "admin/server_admin.h"
#include "admin/snapshot_admin.h"
#include "oasis/metrics.h"
#include "oasis/server.h"
#include "rpc/time.h"
#include "support/certificates.h"
#include "support/loader_support.h"
#include "support/raw_call.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// All calls of the admin port, from the descriptors of its services.
std::vector<std::string> AllMethods() {
  std::vector<std::string> methods = {
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};
  for (const auto* file :
       {v1::LoadSnapshotRequest::descriptor()->file(), v1::PutOverrideRequest::descriptor()->file(),
        v1::SetLogLevelRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(absl::StrCat("/", file->service(i)->full_name(), "/",
                                       file->service(i)->method(j)->name()));
      }
    }
  }
  return methods;
}

const std::set<std::string>& LoadMethods() {
  static const std::set<std::string> methods = {
      "/oasis.v1.SnapshotAdmin/LoadSnapshot", "/oasis.v1.SnapshotAdmin/PublishSnapshot",
      "/oasis.v1.SnapshotAdmin/Rollback", "/oasis.v1.SnapshotAdmin/Pin",
      "/oasis.v1.SnapshotAdmin/Unpin"};
  return methods;
}
const std::set<std::string>& OverrideMethods() {
  static const std::set<std::string> methods = {
      "/oasis.v1.OverrideAdmin/PutOverride", "/oasis.v1.OverrideAdmin/PutOverrideBatch",
      "/oasis.v1.OverrideAdmin/DeleteOverrideBatch", "/oasis.v1.OverrideAdmin/DeleteOverride",
      "/oasis.v1.OverrideAdmin/RenewOverrides"};
  return methods;
}

class AdminRolesTest : public LoaderFixture {
 protected:
  AdminRolesTest() {
    WriteFile(roles_file_, R"({"URI:spiffe://test/reader": ["read"],
                               "DNS:producer.test": ["load"],
                               "CN:overrider": ["override"],
                               "URI:spiffe://test/both": ["load"], "CN:both": ["override"],
                               "CN:admin": ["admin"]})");
    auto roles = AdminRoles::Create({.file = roles_file_, .denied = [](const absl::Status&) {}});
    EXPECT_THAT(roles, IsOk());
    SnapshotAdminService::Options snapshots;
    snapshots.roles = *roles;
    auto book = OverrideBook::Open(
        store_, tables_, {.clock = [] { return TestTime(90); }, .observer = [](const auto&) {}});
    EXPECT_THAT(book, IsOk());
    Server::Options server;
    server.listen = server.admin_listen = "127.0.0.1:0";
    server.threads = 1;
    server.admin_tls = ca_.IssueServer();
    server.admit_admin_call = [roles = *roles](const PeerIdentity& peer, absl::string_view method,
                                               absl::string_view request_id) {
      return roles->Admit(peer, method, request_id);
    };
    auto started = Server::Start(
        server, tables_, std::make_shared<Metrics>(),
        {std::make_shared<SnapshotAdminService>(loader_, tables_, snapshots),
         std::make_shared<OverrideAdminService>(std::shared_ptr<OverrideBook>(*std::move(book))),
         std::make_shared<ServerAdminService>(
             store_, ServerAdminService::Options{.log_level = [] { return v1::LOG_LEVEL_INFO; },
                                                 .set_log_level = [](v1::LogLevel) {}})});
    EXPECT_THAT(started, IsOk());
    server_ = *std::move(started);
  }

  std::shared_ptr<grpc::Channel> ConnectAs(const std::string& name,
                                           const std::string& alternatives = "") {
    return ConnectTls(server_->admin_port(), ca_.Issue(name, alternatives));
  }

  // Calls everything; each must be denied by the role it needs, unless it is in `allowed`.
  static void ExpectMayOnly(const std::shared_ptr<grpc::Channel>& channel,
                            const std::function<bool(const std::string&)>& allowed) {
    for (const std::string& method : AllMethods()) {
      const grpc::Status status = RawCall(channel, method);
      if (allowed(method)) {
        EXPECT_NE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << method;
        EXPECT_NE(status.error_code(), grpc::StatusCode::UNAVAILABLE) << method;
        EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
      } else {
        EXPECT_THAT(status, HasCode(grpc::StatusCode::PERMISSION_DENIED,
                                    AllOf(HasSubstr(method), HasSubstr("without the role"))));
      }
    }
  }
  static void ExpectUnreachable(const std::shared_ptr<grpc::Channel>& channel) {
    for (const std::string& method : AllMethods()) {
      EXPECT_EQ(RawCall(channel, method).error_code(), grpc::StatusCode::UNAVAILABLE) << method;
    }
  }
  static bool IsLoad(const std::string& method) { return LoadMethods().count(method) > 0; }
  static bool IsOverride(const std::string& method) { return OverrideMethods().count(method) > 0; }
  static bool IsAdmin(const std::string& method) {
    return method == "/oasis.v1.ServerAdmin/SetLogLevel";
  }
  static bool IsRead(const std::string& method) {
    return !IsLoad(method) && !IsOverride(method) && !IsAdmin(method);
  }

  TestCa ca_;
  const std::filesystem::path roles_file_ = temp_ / "roles.json";
  std::unique_ptr<Server> server_;
};

TEST_F(AdminRolesTest, NobodyGetsInWithoutTls) {
  ExpectUnreachable(grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->admin_port()),
                                        grpc::InsecureChannelCredentials()));
}

TEST_F(AdminRolesTest, NobodyGetsInWithoutACertificate) {
  ExpectUnreachable(ConnectTls(server_->admin_port(), {"", "", ca_.file()}));
}

TEST_F(AdminRolesTest, NobodyGetsInWithACertificateOfAnotherCa) {
  TestCa other;
  TlsFiles files = other.Issue("admin");
  files.ca = ca_.file();
  ExpectUnreachable(ConnectTls(server_->admin_port(), files));
}

TEST_F(AdminRolesTest, ACertificateWithoutARoleMayDoNothing) {
  ExpectMayOnly(ConnectAs("nobody", "DNS:nobody.test"), [](const auto&) { return false; });
  // A name counts only as what it is: this one is a CN in the roles.
  ExpectMayOnly(ConnectAs("x", "DNS:admin"), [](const auto&) { return false; });
}

TEST_F(AdminRolesTest, ADenialNamesTheRequestAsItsCallerDoes) {
  const auto stub = v1::SnapshotAdmin::NewStub(ConnectAs("nobody"));
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "r7");
  v1::GetStatusResponse response;
  EXPECT_THAT(stub->GetStatus(&context, {}, &response),
              HasCode(grpc::StatusCode::PERMISSION_DENIED, HasSubstr("(request r7)")));
}

TEST_F(AdminRolesTest, AReaderMayRead) {
  ExpectMayOnly(ConnectAs("reader", "URI:spiffe://test/reader"), &IsRead);
}

TEST_F(AdminRolesTest, ALoaderMayReadAndLoad) {
  ExpectMayOnly(ConnectAs("producer", "DNS:producer.test"),
                [](const auto& method) { return IsRead(method) || IsLoad(method); });
}

TEST_F(AdminRolesTest, AnOverriderMayReadAndOverride) {
  ExpectMayOnly(ConnectAs("overrider"),
                [](const auto& method) { return IsRead(method) || IsOverride(method); });
}

TEST_F(AdminRolesTest, SeveralRolesAddUp) {
  ExpectMayOnly(ConnectAs("both", "URI:spiffe://test/both"),
                [](const auto& method) { return !IsAdmin(method); });
}

TEST_F(AdminRolesTest, AnAdminMayDoEverything) {
  const auto admin = ConnectAs("admin");
  ExpectMayOnly(admin, [](const auto&) { return true; });
  EXPECT_THAT(RawCall(admin, "/oasis.v1.SnapshotAdmin/Erase"),
              HasCode(grpc::StatusCode::PERMISSION_DENIED, HasSubstr("does not know")));
}

TEST_F(AdminRolesTest, AForcedLoadIsForAdminsOnly) {
  v1::LoadSnapshotRequest request;
  request.set_directory(Make({.id = "s1"}).string());
  request.set_force(true);
  request.set_reason("a test");
  const auto load = [&request](const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    const auto stream = v1::SnapshotAdmin::NewStub(channel)->LoadSnapshot(&context, request);
    v1::LoadSnapshotResponse response;
    while (stream->Read(&response)) {
    }
    return stream->Finish();
  };
  const auto producer = ConnectAs("producer", "DNS:producer.test");
  EXPECT_THAT(load(producer), HasCode(grpc::StatusCode::PERMISSION_DENIED,
                                      HasSubstr("LoadSnapshot with force without the role admin")));
  EXPECT_TRUE(load(ConnectAs("admin")).ok());
  request.set_force(false);
  EXPECT_TRUE(load(producer).ok());
}

TEST_F(AdminRolesTest, AForcedPublishIsForAdminsOnly) {
  v1::PublishSnapshotRequest request;
  request.set_snapshot_id("s1");
  request.set_force(true);
  request.set_reason("a test");
  const auto publish = [&request](const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    const auto stream = v1::SnapshotAdmin::NewStub(channel)->PublishSnapshot(&context, request);
    v1::LoadSnapshotResponse response;
    while (stream->Read(&response)) {
    }
    return stream->Finish().error_code();
  };
  const auto producer = ConnectAs("producer", "DNS:producer.test");
  EXPECT_EQ(publish(producer), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(publish(ConnectAs("admin")), grpc::StatusCode::NOT_FOUND);  // it may; there is none
  request.set_force(false);
  EXPECT_EQ(publish(producer), grpc::StatusCode::NOT_FOUND);
}

TEST_F(AdminRolesTest, TheJournalHasTheNameOfTheCertificateNotWhatTheClientSays) {
  const auto channel = ConnectAs("both", "URI:spiffe://test/both,DNS:both.test");
  grpc::ClientContext context;
  context.AddMetadata("x-oasis-actor", "root");
  v1::UnpinResponse response;
  const auto stub = v1::SnapshotAdmin::NewStub(channel);
  stub->Unpin(&context, {}, &response);  // of what is not pinned; the journal has that it was tried
  EXPECT_THAT(LastEntry().actor, StartsWith("URI:spiffe://test/both at ipv4:127.0.0.1:"));
}

TEST_F(AdminRolesTest, ARoleThatIsTakenAwayEndsWithTheNextCallOfAnOpenConnection) {
  const auto admin = ConnectAs("admin");
  EXPECT_TRUE(RawCall(admin, "/oasis.v1.SnapshotAdmin/GetStatus").ok());
  WriteFile(roles_file_, "{}");
  EXPECT_THAT(RawCall(admin, "/oasis.v1.SnapshotAdmin/GetStatus"),
              HasCode(grpc::StatusCode::PERMISSION_DENIED, HasSubstr("role read")));
}

}  // namespace
}  // namespace oasis::testing
