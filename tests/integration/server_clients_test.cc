// Who a client is to the limit of its rate and to the log: with a certificate, and without.
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "support/burst.h"
#include "support/certificates.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kTooMany = 64;  // calls, of a second's worth each

// A server for eight items a second of each client. It tells of every call.
class ServerClientsTest : public ServerFixture {
 protected:
  ServerClientsTest() {
    options_.max_items_per_request = 8;
    options_.client_items_per_second = 8;
    options_.slow_call = absl::Nanoseconds(1);
    options_.call_observer = [this](CallRecord record) {
      const std::lock_guard lock(mutex_);
      records_.push_back(std::move(record));
    };
    PublishConstant(0.5F);
    request_.set_item_gids(std::string(8 * kGidBytes, 'x'));
  }
  ~ServerClientsTest() override {
    if (server_ != nullptr) server_->Drain(absl::ZeroDuration());
  }

  void Serve(const TlsFiles& files) {
    options_.tls = files;
    OASIS_ASSERT_OK_AND_ASSIGN(server_, Server::Start(options_, tables_, metrics_, {}));
  }
  // Makes calls of one client at once, which calls itself `own_word`; the message of one that
  // failed.
  std::string Call(const TlsFiles& client, const std::string& own_word, int calls) {
    const auto stub = v1::PromotionScores::NewStub(ConnectTls(server_->port(), client));
    Burst burst(*stub, request_, calls);
    if (!own_word.empty()) burst.NameClient(own_word);
    burst.Start();
    burst.Await();
    return burst.message();
  }
  // Of the calls since the last time; a server tells of a call before it answers.
  std::vector<std::string> Clients() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> clients;
    for (const CallRecord& record : std::exchange(records_, {})) clients.push_back(record.client);
    return clients;
  }

  TestCa ca_;
  const TlsFiles trust_ = {"", "", ca_.file()};  // a client without a certificate
  const TlsFiles alice_ = ca_.Issue("alice", "URI:spiffe://oasis/alice");
  std::mutex mutex_;
  std::vector<CallRecord> records_;
};

TEST_F(ServerClientsTest, OneWithACertificateHasItsRateWhateverItCallsItself) {
  Serve(ca_.IssueServer());
  const std::string alice = "client 'URI:spiffe://oasis/alice' asks for more than its 8 items";
  EXPECT_THAT(Call(alice_, "", kTooMany), HasSubstr(alice));
  for (const char* other : {"bob", "CN:bob", "says:bob"}) {
    EXPECT_THAT(Call(alice_, other, kTooMany), HasSubstr(alice));
  }
  EXPECT_EQ(Call(ca_.Issue("bob"), "alice", 1), "") << "nobody took of what is bob's";
}

TEST_F(ServerClientsTest, OneWithoutACertificateCannotCallItselfWhatACertificateDoes) {
  TlsFiles server = ca_.IssueServer();
  server.ca.clear();
  Serve(server);
  EXPECT_THAT(Call(trust_, "CN:bob", kTooMany), HasSubstr("client 'says:CN:bob' asks for more"));
  EXPECT_THAT(Call(trust_, "", kTooMany), HasSubstr("client '' asks for more"));
}

TEST_F(ServerClientsTest, TheLogHasTheClientAlsoWhereRatesHaveNoLimit) {
  options_.client_items_per_second = 0;
  Serve(ca_.IssueServer());
  EXPECT_EQ(Call(alice_, "bob", 1), "");
  EXPECT_THAT(Clients(), ElementsAre("URI:spiffe://oasis/alice"));
  const std::string long_name(kMaxClientNameBytes, 'x');
  EXPECT_EQ(Call(ca_.Issue("long", "DNS:" + long_name), "", 1), "");
  EXPECT_THAT(Clients(), ElementsAre("DNS:" + long_name.substr(4)));
}

TEST_F(ServerClientsTest, TheLogHasWhatOneWithoutACertificateCallsItself) {
  options_.client_items_per_second = 0;
  StartServer();  // plaintext
  for (const auto& [own_word, client] : std::vector<std::pair<std::string, std::string>>{
           {"bob", "says:bob"}, {R"(a\b)", R"(says:a\\b)"}, {"", ""}}) {
    Burst burst(*stub_, request_, 1);
    burst.NameClient(own_word);
    burst.Start();
    burst.Await();
    EXPECT_THAT(Clients(), ElementsAre(client));
  }
  Burst burst(*stub_, request_, 1);
  burst.NameClient(std::string(1000, 'x'));
  burst.Start();
  burst.Await();
  EXPECT_THAT(Clients(), ElementsAre(SizeIs(kMaxClientNameBytes)));
}

}  // namespace
}  // namespace oasis::testing
