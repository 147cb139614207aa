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

}  // namespace
}  // namespace oasis::testing
