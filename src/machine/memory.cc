#include "machine/memory.h"

#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "machine/cgroup.h"
#include "oasis/machine.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

// The number in a file that holds nothing else; nothing when it says "max" or is not there.
std::optional<int64_t> NumberIn(const fs::path& path) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(FirstLineOf(path), &number)) return std::nullopt;
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

// What the kernel says of the whole machine, in bytes.
int64_t OfMachine(const std::string& name, const fs::path& root) {
  const int64_t kilobytes = NumberAfter(name, root / "proc/meminfo");
  return kilobytes > 0 ? kilobytes * 1024 : kUnlimited;
}

}  // namespace

int64_t AvailableMemoryAt(const fs::path& root) {
  int64_t available = OfMachine("MemAvailable:", root);
  for (const fs::path& group : ControlGroups("memory", root)) {
    available = std::min(available, LeftIn(group));
  }
  return std::max<int64_t>(available, 0);
}

int64_t MemoryLimitAt(const fs::path& root) {
  int64_t limit = OfMachine("MemTotal:", root);
  for (const fs::path& group : ControlGroups("memory", root)) {
    limit = std::min({limit, NumberIn(group / "memory.max").value_or(kUnlimited),
                      NumberIn(group / "memory.limit_in_bytes").value_or(kUnlimited)});
  }
  return limit;
}

int64_t AvailableMemoryBytes() { return AvailableMemoryAt("/"); }
int64_t MemoryLimitBytes() { return MemoryLimitAt("/"); }

void ReleaseFreeMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace oasis
