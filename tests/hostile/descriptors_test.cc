// What becomes of a server that runs out of descriptors, or is kept busy by connections that are
// never used.
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "hostile/hostile_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

// gRPC 1.51 takes no connection any more on a port where one accept() failed: a server that goes on
// would be there, and deaf.
TEST_F(HostileTest, AServerWithoutDescriptorsEndsSoThatANewOneCanTakeItsPlace) {
  if (kSanitized) GTEST_SKIP() << "a check of UndefinedBehaviorSanitizer (vptr) opens a pipe";
  const std::filesystem::path open = absl::StrCat("/proc/", server_->process().pid(), "/fd");
  const auto taken = static_cast<rlim_t>(std::distance(std::filesystem::directory_iterator(open),
                                                       std::filesystem::directory_iterator()));
  const rlimit limit = {taken + 10, taken + 10};
  ASSERT_EQ(prlimit(server_->process().pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  std::vector<RawPeer> peers;
  for (int i = 0; i < 40; ++i) peers.push_back(Connect());
  EXPECT_EQ(server_->process().Wait(), 1);
  EXPECT_THAT(server_->process().err(), HasSubstr("takes no connections on a port any more"));
  EXPECT_THAT(server_->process().err(), HasSubstr("drained"));
  server_ = nullptr;
}

TEST_F(HostileTest, AServerTakesAllDescriptorsThatItMayHave) {
  rlimit ours{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &ours), 0);
  const rlimit few = {std::min<rlim_t>(128, ours.rlim_max), ours.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  OasisServer server(dir_ / "other");
  setrlimit(RLIMIT_NOFILE, &ours);
  ASSERT_TRUE(server.ok());
  rlimit its{};
  ASSERT_EQ(prlimit(server.process().pid(), RLIMIT_NOFILE, nullptr, &its), 0);
  EXPECT_EQ(its.rlim_cur, ours.rlim_max);
}

// A probe or a scrape must not fail because somebody holds connections on which he says nothing.
TEST_F(HostileTest, IdleConnectionsKeepNobodyFromTheMetrics) {
  std::vector<RawPeer> peers;
  for (int i = 0; i < 100; ++i) peers.emplace_back(server_->metrics_port());
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(server_->MetricsPage(), HasSubstr("oasis_serving 1"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(kSanitized ? 30 : 10));
}

TEST_F(HostileTest, IdleConnectionsKeepNobodyFromTheAdminPort) {
  const int port = std::stoi(server_->admin().substr(server_->admin().rfind(':') + 1));
  std::vector<RawPeer> peers;
  for (int i = 0; i < 500; ++i) peers.emplace_back(port);
  EXPECT_EQ(RunOasis({"status", "--server", server_->admin()}).exit_code, 0);
}

TEST_F(HostileTest, GarbageAtTheMetricsAndTheAdminPortIsHungUpOn) {
  const int admin = std::stoi(server_->admin().substr(server_->admin().rfind(':') + 1));
  for (const int port : {server_->metrics_port(), admin}) {
    for (const std::string& bytes :
         {std::string(64 * 1024, '\0'), std::string(1 << 20, 'A'),
          "GET /" + std::string(1 << 20, 'a') + " HTTP/1.1\r\n\r\n",
          std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8) + std::string(4096, '\xff')}) {
      RawPeer peer(port);
      peer.Send(bytes);
      EXPECT_TRUE(peer.WaitClosed(std::chrono::seconds(kSanitized ? 60 : 20)));
    }
  }
  EXPECT_THAT(server_->MetricsPage(), HasSubstr("oasis_serving 1"));
  EXPECT_EQ(RunOasis({"status", "--server", server_->admin()}).exit_code, 0);
}

}  // namespace
}  // namespace oasis::testing
