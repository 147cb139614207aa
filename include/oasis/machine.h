// What the machine, and the container around this process, grant it. Thread-safe.
#ifndef OASIS_MACHINE_H_
#define OASIS_MACHINE_H_

#include <cstdint>

namespace oasis {

// The CPUs this process may use: its affinity and its cgroup's quota, at least 1.
int AvailableCpus();

// The bytes of memory that this process may still take: of its cgroup, and of the machine.
int64_t AvailableMemoryBytes();

// The bytes of memory that it may have in all: the least of what its cgroup and those above it
// allow, and what the machine has.
int64_t MemoryLimitBytes();

}  // namespace oasis

#endif  // OASIS_MACHINE_H_
