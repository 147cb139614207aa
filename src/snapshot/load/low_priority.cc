#include "snapshot/load/low_priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "snapshot/catching.h"

namespace oasis {

void LowerThreadPriority() {
  // On Linux both act on one thread, not on its process.
  const sched_param parameters{};
  sched_setscheduler(0, SCHED_BATCH, &parameters);
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLoadNiceness);
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
