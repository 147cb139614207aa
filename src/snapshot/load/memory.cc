#include "snapshot/load/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "oasis/loader.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

// The number in a file that holds nothing else; nothing when it says "max" or is not there.
std::optional<int64_t> NumberIn(const fs::path& path) {
  std::string text;
  std::ifstream(path) >> text;
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

// The number after `name` in a file of names and numbers; 0 when there is none.
int64_t NumberAfter(const std::string& name, const fs::path& path) {
  std::ifstream in(path);
  for (std::string word; in >> word;) {
    int64_t number = 0;
    if (word == name && in >> number) return number;
  }
  return 0;
}

// What the files of one group leave, in the names of either version. Cached files do not count: the
// kernel lets go of them first.
int64_t LeftIn(const fs::path& group) {
  const auto max = NumberIn(group / "memory.max");
  const auto current = NumberIn(group / "memory.current");
  const fs::path stat = group / "memory.stat";
  if (max.has_value() && current.has_value()) {
    return *max - *current + NumberAfter("inactive_file", stat) + NumberAfter("active_file", stat);
  }
  const auto limit = NumberIn(group / "memory.limit_in_bytes");
  const auto usage = NumberIn(group / "memory.usage_in_bytes");
  if (limit.has_value() && usage.has_value()) {
    return *limit - *usage + NumberAfter("total_inactive_file", stat) +
           NumberAfter("total_active_file", stat);
  }
  return kUnlimited;
}

// The least that is left from `group` up to `mount`. In a container the group's own path may not
// exist below the mount point, which then is the group itself.
int64_t LeastLeft(const fs::path& mount, const fs::path& group) {
  int64_t least = kUnlimited;
  for (fs::path at = mount / group.relative_path();; at = at.parent_path()) {
    least = std::min(least, LeftIn(at));
    if (at == mount || !at.has_relative_path()) return least;
  }
}

}  // namespace

int64_t AvailableMemoryAt(const fs::path& root) {
  const int64_t kilobytes = NumberAfter("MemAvailable:", root / "proc/meminfo");
  int64_t available = kilobytes > 0 ? kilobytes * 1024 : kUnlimited;
  const fs::path mount = root / "sys/fs/cgroup";
  std::ifstream groups(root /
                       "proc/self/cgroup");  // "0::/path", or "4:cpu,memory:/path" in version 1
  for (std::string line; std::getline(groups, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const std::vector<std::string> controllers = absl::StrSplit(fields[1], ',');
    const bool version2 = fields[1].empty();
    if (!version2 && std::count(controllers.begin(), controllers.end(), "memory") == 0) continue;
    available = std::min(available, LeastLeft(version2 ? mount : mount / "memory", fields[2]));
  }
  return std::max<int64_t>(available, 0);
}

int64_t AvailableMemoryBytes() { return AvailableMemoryAt("/"); }

}  // namespace oasis
