// Many pieces of work, done by a few threads.
#ifndef OASIS_MACHINE_PARALLEL_H_
#define OASIS_MACHINE_PARALLEL_H_

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace oasis {

// How many threads to load with: one a CPU, at most kMaxLoadThreads. For a nice thread
// (LowerThreadPriority) one for two CPUs: even such threads take memory bandwidth from those that
// answer requests.
int LoadThreads();

// Does work(job, thread) for every job in [0, jobs), in order, on at most `threads` threads: the
// calling one and others of its priority, `thread` being their number from 0. After an error no job
// is begun; the first one is returned. Exceptions as in Catching. Where the system gives no thread,
// those there are do it all.
absl::Status InParallel(size_t jobs, int threads,
                        const std::function<absl::Status(size_t job, int thread)>& work);

}  // namespace oasis

#endif  // OASIS_MACHINE_PARALLEL_H_
