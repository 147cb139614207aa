#include "machine/cgroup.h"

#include <fstream>

#include "absl/algorithm/container.h"
#include "absl/strings/str_split.h"

namespace oasis {
namespace fs = std::filesystem;

std::vector<fs::path> ControlGroups(absl::string_view controller, const fs::path& root) {
  const fs::path unified = root / "sys/fs/cgroup";
  std::vector<fs::path> groups;
  // A line is "0::/path", or "4:cpu,cpuacct:/path" in version 1.
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const bool version2 = fields[1].empty();
    if (!version2 && !absl::c_linear_search(absl::StrSplit(fields[1], ','), controller)) continue;
    const fs::path mount = version2 ? unified : unified / std::string(controller);
    fs::path at = mount / fs::path(fields[2]).relative_path();
    for (; at != mount && at.has_relative_path(); at = at.parent_path()) groups.push_back(at);
    groups.push_back(mount);
  }
  return groups;
}

std::string FirstLineOf(const fs::path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

}  // namespace oasis
