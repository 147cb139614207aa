#include "snapshot/load/low_priority.h"

#include <sched.h>

#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"
#include "snapshot/catching.h"

namespace oasis {

void LowerThreadPriority() {
  const sched_param parameters{};
  sched_setscheduler(0, SCHED_IDLE, &parameters);  // of this thread, not of its process
}

absl::Status RunOnThread(bool low_priority, const std::function<absl::Status()>& work) {
  absl::Status status;
  try {
    std::thread thread([&] {
      if (low_priority) LowerThreadPriority();
      status = Catching(work);
    });
    thread.join();
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot start a thread for the load: ", error.what()));
  }
  return status;
}

}  // namespace oasis
