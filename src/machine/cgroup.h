// The control groups this process is in: Linux' limits on what it may take.
#ifndef OASIS_MACHINE_CGROUP_H_
#define OASIS_MACHINE_CGROUP_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

// The directories of the groups whose limits on `controller` ("cpu", "memory") hold for this
// process, from its own up to the mount point; of version 2 (unified) and 1. Not all need exist: in
// a container the group's path is often not visible, and the mount point is the group itself.
// `root` is "/" but in tests.
std::vector<std::filesystem::path> ControlGroups(absl::string_view controller,
                                                 const std::filesystem::path& root);

// The first line of a file of a group; empty when there is none.
std::string FirstLineOf(const std::filesystem::path& file);

}  // namespace oasis

#endif  // OASIS_MACHINE_CGROUP_H_
