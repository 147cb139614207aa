// TLS of a running server: what it asks of clients, and certificates that are replaced under load.
#include <atomic>
#include <thread>

#include "support/certificates.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ServerTlsTest : public ServerFixture {
 protected:
  ServerTlsTest() {
    options_.tls_observer = [this](absl::string_view port, const absl::Status& taken) {
      EXPECT_EQ(port, "serving");
      const std::lock_guard<std::mutex> lock(told_mutex_);
      told_.push_back(taken);
    };
  }

  // Serves by TLS, with certificates that Replace can replace.
  void Serve(const TlsFiles& files) {
    files_ = {dir_ / "tls.crt", dir_ / "tls.key", files.ca.empty() ? "" : dir_ / "ca.crt"};
    Replace(files.certificate, files_.certificate);
    Replace(files.key, files_.key);
    if (!files.ca.empty()) Replace(files.ca, files_.ca);
    options_.tls = files_;
    OASIS_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options_, tables_, metrics_, {}));
    PublishConstant(1);
  }
  static void Replace(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  }
  grpc::Status GetBy(const std::shared_ptr<grpc::Channel>& channel) const {
    grpc::ClientContext context;
    v1::GetPromotionScoresResponse response;
    return v1::PromotionScores::NewStub(channel)->GetPromotionScores(&context, request_, &response);
  }
  std::shared_ptr<grpc::Channel> Open(const TlsFiles& client) const {
    return ConnectTls(server_->port(), client);
  }
  // The name in the certificate that a new connection is shown.
  std::string ShownName(const TlsFiles& client) const {
    grpc::ClientContext context;
    v1::GetPromotionScoresResponse response;
    const auto stub = v1::PromotionScores::NewStub(Open(client));
    const grpc::Status status = stub->GetPromotionScores(&context, request_, &response);
    if (!status.ok()) return status.error_message();
    const auto names = context.auth_context()->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
    return std::string(names.at(0).data(), names.at(0).size());
  }
  std::vector<absl::Status> Told() {
    const std::lock_guard<std::mutex> lock(told_mutex_);
    return told_;
  }

  TestCa ca_;
  const TlsFiles trust_ = {"", "", ca_.file()};  // a client without a certificate
  TempDir dir_;
  TlsFiles files_;  // the server's
  std::mutex told_mutex_;
  std::vector<absl::Status> told_;
};

TEST_F(ServerTlsTest, ServesByTlsAndNotOtherwise) {
  TlsFiles files = ca_.IssueServer();
  files.ca.clear();
  Serve(files);
  EXPECT_TRUE(GetBy(Open(trust_)).ok());
  EXPECT_EQ(GetBy(Connect(server_->port())).error_code(), grpc::StatusCode::UNAVAILABLE);
  TestCa other;
  EXPECT_EQ(GetBy(Open({"", "", other.file()})).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTlsTest, WithAClientCaAsksForCertificates) {
  Serve(ca_.IssueServer());
  EXPECT_TRUE(GetBy(Open(ca_.Issue("client"))).ok());
  EXPECT_EQ(GetBy(Open(trust_)).error_code(), grpc::StatusCode::UNAVAILABLE);
  TestCa other;
  TlsFiles stranger = other.Issue("client");
  stranger.ca = ca_.file();
  EXPECT_EQ(GetBy(Open(stranger)).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTlsTest, ANewConnectionGetsTheNewCertificate) {
  TlsFiles files = ca_.IssueServer("before");
  files.ca.clear();
  Serve(files);
  const auto open = Open(trust_);
  EXPECT_TRUE(GetBy(open).ok());
  EXPECT_EQ(ShownName(trust_), "before");
  const TlsFiles next = ca_.IssueServer("after");
  Replace(next.certificate, files_.certificate);
  EXPECT_EQ(ShownName(trust_), "before") << "the key does not fit yet";
  EXPECT_EQ(ShownName(trust_), "before");
  Replace(next.key, files_.key);
  EXPECT_EQ(ShownName(trust_), "after");
  EXPECT_TRUE(GetBy(open).ok());
  EXPECT_THAT(Told(), ElementsAre(StatusIs(absl::StatusCode::kInvalidArgument,
                                           HasSubstr("is not the key of the certificate in")),
                                  IsOk()));
}

TEST_F(ServerTlsTest, FilesThatAreGoneOrNoGoodLeaveWhatThereWas) {
  Serve(ca_.IssueServer("before"));
  const TlsFiles client = ca_.Issue("client");
  const std::string certificate = ReadFile(files_.certificate);
  std::filesystem::remove(files_.certificate);
  EXPECT_EQ(ShownName(client), "before");
  WriteFile(files_.certificate, certificate.substr(0, certificate.size() / 2));
  EXPECT_EQ(ShownName(client), "before");
  Replace(ca_.Issue("before", "IP:127.0.0.1", -1).certificate, files_.certificate);
  EXPECT_EQ(ShownName(client), "before");
  WriteFile(files_.certificate, certificate);
  EXPECT_EQ(ShownName(client), "before");
  EXPECT_THAT(Told(), ElementsAre(Not(IsOk()), Not(IsOk()), Not(IsOk())));
}

TEST_F(ServerTlsTest, AScrapeTellsWhenCertificatesEndAndTakesNewOnesWithoutAConnection) {
  Serve(ca_.Issue("server", "IP:127.0.0.1", 1));
  const auto days_left = [this](const std::string& file) {
    const std::string name = absl::StrCat(
        R"(oasis_certificate_expiry_timestamp_seconds{port="serving",file=")", file, R"("} )");
    const std::string text = metrics_->Text();
    const size_t at = text.find(name);
    if (at == std::string::npos) return -1.0;
    return (std::stod(text.substr(at + name.size())) -
            absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch())) /
           86'400;
  };
  constexpr char kRefused[] = R"(oasis_certificate_refused{port="serving"} )";
  EXPECT_NEAR(days_left("certificate"), 1, 0.01);
  EXPECT_NEAR(days_left("client_ca"), 2, 0.01);
  EXPECT_THAT(metrics_->Text(), HasSubstr(absl::StrCat(kRefused, 0)));
  const TlsFiles next = ca_.Issue("next", "IP:127.0.0.1", 9);
  Replace(next.certificate, files_.certificate);
  EXPECT_THAT(metrics_->Text(), HasSubstr(absl::StrCat(kRefused, 1)));
  EXPECT_NEAR(days_left("certificate"), 1, 0.01) << "of what is used";
  Replace(next.key, files_.key);
  EXPECT_NEAR(days_left("certificate"), 9, 0.01);
  EXPECT_THAT(metrics_->Text(), HasSubstr(absl::StrCat(kRefused, 0)));
  EXPECT_THAT(Told(), ElementsAre(Not(IsOk()), IsOk()));
  EXPECT_EQ(ShownName(ca_.Issue("client")), "next");
  server_->Drain(absl::ZeroDuration());
  EXPECT_THAT(metrics_->Text(), Not(HasSubstr("port=")));
}

TEST_F(ServerTlsTest, ANewClientCaHoldsForNewConnections) {
  Serve(ca_.IssueServer());
  TestCa next;
  TlsFiles newcomer = next.Issue("newcomer");
  newcomer.ca = ca_.file();
  const TlsFiles old = ca_.Issue("old");
  const auto open = Open(old);
  EXPECT_TRUE(GetBy(open).ok());
  EXPECT_FALSE(GetBy(Open(newcomer)).ok());
  Replace(next.file(), files_.ca);
  EXPECT_TRUE(GetBy(Open(newcomer)).ok());
  EXPECT_FALSE(GetBy(Open(old)).ok());
  EXPECT_TRUE(GetBy(open).ok());
}

TEST_F(ServerTlsTest, NoCallFailsWhileCertificatesAreReplaced) {
  Serve(ca_.IssueServer("server-0"));
  const TlsFiles client = ca_.Issue("client");
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0;
  std::atomic<int> failed = 0;
  const auto call = [&](bool reconnect) {
    auto channel = Open(client);
    while (!stop) {
      if (reconnect) channel = Open(client);
      if (!GetBy(channel).ok()) ++failed;
      ++calls;
    }
  };
  std::thread steady(call, false);
  std::thread reconnecting(call, true);
  for (int i = 1; i <= 3; ++i) {
    const std::string name = absl::StrCat("server-", i);
    const TlsFiles next = ca_.IssueServer(name);
    Replace(next.key, files_.key);
    const int before = calls;
    while (calls < before + 10) std::this_thread::yield();
    Replace(next.certificate, files_.certificate);
    EXPECT_EQ(ShownName(client), name);
  }
  stop = true;
  steady.join();
  reconnecting.join();
  EXPECT_EQ(failed, 0);
}

TEST_F(ServerTlsTest, DoesNotStartWithFilesThatAreNoGood) {
  options_.tls = {dir_ / "a", dir_ / "b", ""};
  EXPECT_THAT(Server::Start(options_, tables_, metrics_, {}),
              StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr("a: No"), HasSubstr("b: No"))));
  options_.tls = {"", "", ca_.file()};
  EXPECT_THAT(Server::Start(options_, tables_, metrics_, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--tls-cert and --tls-key")));
}

}  // namespace
}  // namespace oasis::testing
