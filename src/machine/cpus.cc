#include "machine/cpus.h"

#include <sched.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "machine/cgroup.h"
#include "oasis/machine.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

std::optional<double> Ratio(absl::string_view quota, absl::string_view period) {
  double q = 0;
  double p = 0;
  if (!absl::SimpleAtod(quota, &q) || !absl::SimpleAtod(period, &p)) return std::nullopt;
  if (q <= 0 || p <= 0) return std::nullopt;  // version 1 writes -1 for "no quota"
  return q / p;
}

std::optional<double> QuotaOf(const fs::path& group) {
  const std::string max = FirstLineOf(group / "cpu.max");  // "200000 100000", "max 100000"
  const std::vector<absl::string_view> fields = absl::StrSplit(max, ' ');
  if (fields.size() == 2) return Ratio(fields[0], fields[1]);
  return Ratio(FirstLineOf(group / "cpu.cfs_quota_us"), FirstLineOf(group / "cpu.cfs_period_us"));
}

}  // namespace

std::optional<double> CgroupQuota(const fs::path& root) {
  std::optional<double> smallest;
  for (const fs::path& group : ControlGroups("cpu", root)) {
    const std::optional<double> quota = QuotaOf(group);
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
  return std::max(cpus, 1);
}

}  // namespace oasis
