// A disk that fails at a chosen step, or a process that dies at one: our own code's and RocksDB's
// steps alike. The linker takes write, fsync, rename… of this library for those of the C library,
// so nothing in the program under test knows of it.
#ifndef OASIS_TESTS_FAULT_DISK_FAULTS_H_
#define OASIS_TESTS_FAULT_DISK_FAULTS_H_

#include <cstdint>
#include <string>

namespace oasis::testing {

// A step is a call that changes the disk: one that writes to a file, syncs, creates, renames,
// links, truncates or removes. In a program with this library no fsync is ever waited for: a
// process that dies loses nothing of what the kernel has, and the tests do the same thing some
// thousand times.
enum class DiskFault {
  kDie,      // SIGKILL instead of the step
  kDieTorn,  // SIGKILL when a write is half done; steps that are no writes are not counted
  kOnce,     // the step fails with EIO, those after it do not
  kDead,     // it and all after it fail with EIO
  kFull,     // it and all after it that need room fail with ENOSPC; half of a first write is done
};

// Counts steps from now on, and lets `fault` happen at the one numbered `at` (from 1; 0: never).
// Not to be armed twice.
void ArmDisk(DiskFault fault, int64_t at);

struct DiskSteps {
  int64_t steps = 0;  // since it was armed
  std::string fault;  // "fsync /…/state/000012.log"; empty when it did not happen
};
DiskSteps DisarmDisk();

}  // namespace oasis::testing

#endif  // OASIS_TESTS_FAULT_DISK_FAULTS_H_
