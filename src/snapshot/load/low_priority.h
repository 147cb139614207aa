// Work in the background of a server that has requests to answer.
#ifndef OASIS_SNAPSHOT_LOAD_LOW_PRIORITY_H_
#define OASIS_SNAPSHOT_LOAD_LOW_PRIORITY_H_

#include <functional>

#include "absl/status/status.h"

namespace oasis {

// Adds to the niceness of the calling thread, at most to 19, for good, as for every thread that it
// starts. Not SCHED_IDLE, which on CPUs that are always busy would never get a snapshot to its end.
void LowerThreadPriority(int niceness);

// Does `work` on a new thread, so much nicer than the caller's, and waits for it. Exceptions as in
// Catching; ResourceExhausted as well when no thread can be had.
absl::Status RunOnThread(int niceness, const std::function<absl::Status()>& work);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_LOAD_LOW_PRIORITY_H_
