// How many CPUs this process may use.
#ifndef OASIS_MACHINE_CPUS_H_
#define OASIS_MACHINE_CPUS_H_

#include <filesystem>
#include <optional>

namespace oasis {

// The CPU quota of this process' control group and those above it, in CPUs: the smallest, or
// nothing where there is none. Understands version 2 (cpu.max) and 1 (cpu.cfs_quota_us). `root` is
// "/" but in tests.
std::optional<double> CgroupQuota(const std::filesystem::path& root);

}  // namespace oasis

#endif  // OASIS_MACHINE_CPUS_H_
