// Work in the background of a server that has requests to answer.
#ifndef OASIS_SNAPSHOT_LOAD_LOW_PRIORITY_H_
#define OASIS_SNAPSHOT_LOAD_LOW_PRIORITY_H_

#include <functional>

#include "absl/status/status.h"

namespace oasis {

// Makes the calling thread yield to all others at once (SCHED_IDLE): a thread of low niceness still
// takes its share of CPUs that have requests to answer. On a machine whose CPUs are always busy the
// work hardly gets on. It stays so for good, as does every thread that it starts. Where the system
// forbids it, nothing happens.
void LowerThreadPriority();

// Does `work` on a new thread, of low priority or like the caller's, and waits for it. Exceptions
// as in Catching; ResourceExhausted as well when no thread can be had.
absl::Status RunOnThread(bool low_priority, const std::function<absl::Status()>& work);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_LOAD_LOW_PRIORITY_H_
