#include "snapshot/load/low_priority.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"
#include "machine/catching.h"

namespace oasis {

void LowerThreadPriority(int niceness) {
  const auto thread = static_cast<id_t>(gettid());  // setpriority is of a thread, on Linux
  setpriority(PRIO_PROCESS, thread, std::min(getpriority(PRIO_PROCESS, thread) + niceness, 19));
}

absl::Status RunOnThread(int niceness, const std::function<absl::Status()>& work) {
  absl::Status status;
  try {
    std::thread thread([&] {
      if (niceness > 0) LowerThreadPriority(niceness);
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
