#include "machine/memory.h"

#include <limits>
#include <string>

#include "oasis/machine.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

// A file system with what the kernel tells of memory.
class MemoryTest : public ::testing::Test {
 protected:
  void Put(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    WriteFile(root_ / path, text);
  }
  int64_t Available() const { return AvailableMemoryAt(root_.path()); }
  int64_t Limit() const { return MemoryLimitAt(root_.path()); }

  TempDir root_;
};

TEST_F(MemoryTest, IsTheMachinesWithoutALimit) {
  Put("proc/meminfo", "MemTotal:  9000 kB\nMemFree:  10 kB\nMemAvailable:    5000 kB\n");
  Put("proc/self/cgroup", "0::/\n");
  Put("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_EQ(Available(), 5000 * 1024);
  EXPECT_EQ(Limit(), 9000 * 1024);
}

TEST_F(MemoryTest, IsWhatTheGroupHasLeftButForCachedFiles) {
  Put("proc/meminfo", "MemAvailable: 5000 kB\n");
  Put("proc/self/cgroup", "0::/pod/server\n");
  Put("sys/fs/cgroup/pod/server/memory.max", "1000000\n");
  Put("sys/fs/cgroup/pod/server/memory.current", "700000\n");
  Put("sys/fs/cgroup/pod/server/memory.stat", "anon 5\nactive_file 10\ninactive_file 100\n");
  EXPECT_EQ(Available(), 300110);
}

TEST_F(MemoryTest, IsTheLeastOfTheGroupsAbove) {
  Put("proc/self/cgroup", "0::/pod/server\n");
  Put("sys/fs/cgroup/pod/server/memory.max", "max\n");
  Put("sys/fs/cgroup/pod/memory.max", "1000\n");
  Put("sys/fs/cgroup/pod/memory.current", "400\n");
  EXPECT_EQ(Available(), 600);
  EXPECT_EQ(Limit(), 1000);
}

TEST_F(MemoryTest, KnowsVersionOne) {
  Put("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/server\n");
  Put("sys/fs/cgroup/memory/server/memory.limit_in_bytes", "1000\n");
  Put("sys/fs/cgroup/memory/server/memory.usage_in_bytes", "900\n");
  Put("sys/fs/cgroup/memory/server/memory.stat", "total_inactive_file 50\ntotal_active_file 1\n");
  EXPECT_EQ(Available(), 151);
  EXPECT_EQ(Limit(), 1000);
}

TEST_F(MemoryTest, IsNothingBeyondTheLimit) {
  Put("proc/self/cgroup", "0::/\n");
  Put("sys/fs/cgroup/memory.max", "1000\n");
  Put("sys/fs/cgroup/memory.current", "1400\n");
  EXPECT_EQ(Available(), 0);
}

TEST_F(MemoryTest, IsUnlimitedWhereNothingIsTold) {
  EXPECT_EQ(Available(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Limit(), std::numeric_limits<int64_t>::max());
}

TEST_F(MemoryTest, KnowsThisMachine) {
  EXPECT_GT(AvailableMemoryBytes(), 0);
  EXPECT_LT(AvailableMemoryBytes(), std::numeric_limits<int64_t>::max());
  EXPECT_GE(MemoryLimitBytes(), AvailableMemoryBytes());
}

}  // namespace
}  // namespace oasis::testing
