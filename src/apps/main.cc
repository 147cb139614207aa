// The one binary, `oasis`.
#include "absl/synchronization/mutex.h"
#include "apps/cli.h"

int main(int argc, char** argv) {
  // Debian builds Abseil without NDEBUG, so its deadlock detector is on: every lock and unlock
  // inside gRPC would take one process-wide spinlock (17 times the cost with two threads), and a
  // false positive aborts the process. It has to be off before another thread exists.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return oasis::RunCli(argc, argv);
}
