// How much memory there is for a table.
#ifndef OASIS_MACHINE_MEMORY_H_
#define OASIS_MACHINE_MEMORY_H_

#include <cstdint>
#include <filesystem>

namespace oasis {

// As AvailableMemoryBytes, of the machine whose file system is at `root` (tests make one up).
int64_t AvailableMemoryAt(const std::filesystem::path& root);

}  // namespace oasis

#endif  // OASIS_MACHINE_MEMORY_H_
