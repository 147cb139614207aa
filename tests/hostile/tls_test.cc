// Peers that open TLS connections which never come about.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "hostile/raw_peer.h"
#include "support/certificates.h"
#include "support/oasis_files.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

TEST(HostileTlsTest, ThousandsOfFailedHandshakesAreHungUpOnAndFillNoLog) {
  constexpr int kHandshakes = kSanitized ? 200 : 2'000;
  const TempDir dir;
  TestCa ca;
  const TlsFiles files = ca.IssueServer();
  OasisServer server(dir / "data",
                     {"--tls-cert", files.certificate.string(), "--tls-key", files.key.string()});
  ASSERT_TRUE(server.ok()) << server.process().err();
  const int port = std::stoi(server.listen().substr(server.listen().rfind(':') + 1));
  for (int i = 0; i < kHandshakes; ++i) {
    RawPeer peer(port);
    ASSERT_TRUE(peer.connected()) << i;
    peer.Send(Preface());  // no TLS
    ASSERT_TRUE(peer.WaitClosed(std::chrono::seconds(kSanitized ? 60 : 10))) << i;
  }
  const RunResult health =
      RunOasis({"health", "--server", server.listen(), "--tls-ca", files.ca.string()});
  EXPECT_THAT(health.err, HasSubstr("NOT_SERVING"));  // it has no snapshot, but answers
  ASSERT_TRUE(server.process().running());
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0);
  const std::string log = server.process().err();
  EXPECT_THAT(log, HasSubstr("andshake"));
  EXPECT_LT(std::count(log.begin(), log.end(), '\n'), kHandshakes);
}

}  // namespace
}  // namespace oasis::testing
