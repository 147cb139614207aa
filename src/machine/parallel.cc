#include "machine/parallel.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "machine/catching.h"
#include "oasis/limits.h"
#include "oasis/machine.h"

namespace oasis {

int LoadThreads() {
  const int cpus = AvailableCpus();
  const bool yields = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())) > 0;
  return std::clamp(yields ? cpus / 2 : cpus, 1, kMaxLoadThreads);
}

absl::Status InParallel(size_t jobs, int threads,
                        const std::function<absl::Status(size_t job, int thread)>& work) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  absl::Status first_error;
  const auto run = [&](int thread) {
    for (size_t job = next++; job < jobs; job = next++) {
      const absl::Status status = Catching([&] { return work(job, thread); });
      if (status.ok()) continue;
      next = jobs;
      const std::lock_guard<std::mutex> lock(mutex);
      first_error.Update(status);
    }
  };
  const int useful = static_cast<int>(std::min(jobs, static_cast<size_t>(threads)));
  std::vector<std::thread> others;
  try {
    for (int thread = 1; thread < useful; ++thread) others.emplace_back(run, thread);
  } catch (const std::system_error&) {
    // The threads there are do its share.
  }
  run(0);
  for (std::thread& other : others) other.join();
  return first_error;
}

}  // namespace oasis
