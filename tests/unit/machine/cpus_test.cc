#include "machine/cpus.h"

#include <string>

#include "oasis/machine.h"
#include "support/test_support.h"

namespace oasis {
namespace {

class CpusTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    testing::WriteFile(root_ / path, text);
  }
  testing::TempDir root_;
};

TEST_F(CpusTest, ThereIsNoQuotaWithoutControlGroups) {
  EXPECT_EQ(CgroupQuota(root_.path()), std::nullopt);
}

TEST_F(CpusTest, ReadsVersion2) {
  Write("proc/self/cgroup", "0::/\n");
  Write("sys/fs/cgroup/cpu.max", "150000 100000\n");
  EXPECT_EQ(CgroupQuota(root_.path()), 1.5);
}

TEST_F(CpusTest, MaxMeansNoQuota) {
  Write("proc/self/cgroup", "0::/\n");
  Write("sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(CgroupQuota(root_.path()), std::nullopt);
}

TEST_F(CpusTest, TheSmallestQuotaOnTheWayUpCounts) {
  Write("proc/self/cgroup", "0::/pod/container\n");
  Write("sys/fs/cgroup/pod/cpu.max", "200000 100000\n");
  Write("sys/fs/cgroup/pod/container/cpu.max", "400000 100000\n");
  EXPECT_EQ(CgroupQuota(root_.path()), 2.0);
}

TEST_F(CpusTest, AGroupThatIsNotMountedFallsBackToTheMountPoint) {
  Write("proc/self/cgroup", "0::/not/visible/here\n");
  Write("sys/fs/cgroup/cpu.max", "300000 100000\n");
  EXPECT_EQ(CgroupQuota(root_.path()), 3.0);
}

TEST_F(CpusTest, ReadsVersion1) {
  Write("proc/self/cgroup", "7:memory:/a\n4:cpu,cpuacct:/a\n");
  Write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "50000\n");
  Write("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(CgroupQuota(root_.path()), 0.5);
}

TEST_F(CpusTest, ThereIsAlwaysAtLeastOne) { EXPECT_GE(AvailableCpus(), 1); }

}  // namespace
}  // namespace oasis
