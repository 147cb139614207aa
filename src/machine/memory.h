// How much memory there is for a table, and how to leave more.
#ifndef OASIS_MACHINE_MEMORY_H_
#define OASIS_MACHINE_MEMORY_H_

#include <cstdint>
#include <filesystem>

namespace oasis {

// As AvailableMemoryBytes, of the machine whose file system is at `root` (tests make one up).
int64_t AvailableMemoryAt(const std::filesystem::path& root);
int64_t MemoryLimitAt(const std::filesystem::path& root);  // as MemoryLimitBytes

// Gives memory of the heap that was freed back to the system. The C library keeps it, a good part
// of what a load took for the time being: each load would leave the process larger.
void ReleaseFreeMemory();

}  // namespace oasis

#endif  // OASIS_MACHINE_MEMORY_H_
