#include "serving/cpus.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "oasis/limits.h"
#include "oasis/server.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

std::string FirstLine(const fs::path& path) {
  std::string line;
  std::ifstream in(path);
  std::getline(in, line);
  return line;
}

std::optional<double> Ratio(absl::string_view quota, absl::string_view period) {
  double q = 0;
  double p = 0;
  if (!absl::SimpleAtod(quota, &q) || !absl::SimpleAtod(period, &p)) return std::nullopt;
  if (q <= 0 || p <= 0) return std::nullopt;  // version 1 writes -1 for "no quota"
  return q / p;
}

std::optional<double> QuotaAt(const fs::path& group) {
  const std::string max = FirstLine(group / "cpu.max");  // "200000 100000", "max 100000"
  const std::vector<absl::string_view> fields = absl::StrSplit(max, ' ');
  if (fields.size() == 2) return Ratio(fields[0], fields[1]);
  return Ratio(FirstLine(group / "cpu.cfs_quota_us"), FirstLine(group / "cpu.cfs_period_us"));
}

// The smallest quota from `group` up to `mount`. In a container the group's own path may not exist
// below the mount point, which then is the group itself.
std::optional<double> SmallestQuota(const fs::path& mount, const fs::path& group) {
  std::optional<double> smallest;
  fs::path at = mount / group.relative_path();
  for (;;) {
    const std::optional<double> quota = QuotaAt(at);
    if (quota.has_value()) smallest = std::min(*quota, smallest.value_or(*quota));
    if (at == mount || !at.has_relative_path()) return smallest;
    at = at.parent_path();
  }
}

}  // namespace

std::optional<double> CgroupQuota(const fs::path& root) {
  const fs::path mount = root / "sys/fs/cgroup";
  std::optional<double> smallest;
  std::ifstream in(root /
                   "proc/self/cgroup");  // "0::/path" and, for version 1, "4:cpu,cpuacct:/path"
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const std::vector<std::string> controllers = absl::StrSplit(fields[1], ',');
    const bool version2 = fields[1].empty();
    if (!version2 && std::count(controllers.begin(), controllers.end(), "cpu") == 0) continue;
    const std::optional<double> quota = SmallestQuota(version2 ? mount : mount / "cpu", fields[2]);
    if (quota.has_value()) smallest = std::min(*quota, smallest.value_or(*quota));
  }
  return smallest;
}

int AvailableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cpus = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
  // Rounded down: a thread more than the quota allows would have all of them stopped now and then.
  const std::optional<double> quota = CgroupQuota("/");
  if (quota.has_value()) cpus = std::min(cpus, static_cast<int>(std::min(*quota, 1e6)));
  return std::clamp(cpus, 1, kMaxServingThreads);
}

}  // namespace oasis
