// What the machine, and the container around this process, grant it. Thread-safe.
#ifndef OASIS_MACHINE_H_
#define OASIS_MACHINE_H_

#include <cstdint>

namespace oasis {

// The CPUs this process may use: its affinity and its cgroup's quota, at least 1.
int AvailableCpus();

// The bytes of memory that this process may still take: of its cgroup, and of the machine.
int64_t AvailableMemoryBytes();

}  // namespace oasis

#endif  // OASIS_MACHINE_H_
