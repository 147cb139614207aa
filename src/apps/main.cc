// The one binary, `oasis`.
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "apps/cli.h"

namespace {

// gRPC 1.51 heeds kMaxReadBytes only without its experiment "tcp_read_chunks" (decision 0025), and
// is told so by its environment alone. What a person says there comes later, and so is stronger.
void SetGrpcExperiments() {
  constexpr char kName[] = "GRPC_EXPERIMENTS";
  const char* const given = std::getenv(kName);
  setenv(kName, absl::StrCat("-tcp_read_chunks,", given == nullptr ? "" : given).c_str(),
         /*overwrite=*/1);
}

}  // namespace

int main(int argc, char** argv) {
  // Debian builds Abseil without NDEBUG, so its deadlock detector is on: every lock and unlock
  // inside gRPC would take one process-wide spinlock (17 times the cost with two threads), and a
  // false positive aborts the process. It has to be off before another thread exists.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  SetGrpcExperiments();  // before a thread could ask for it, too
  return oasis::RunCli(argc, argv);
}
