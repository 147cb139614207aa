// Threads that work together, again and again.
#ifndef OASIS_ALLOCATION_TEAM_H_
#define OASIS_ALLOCATION_TEAM_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"

namespace oasis {

// The calling thread is one of them. Not thread-safe itself.
class Team {
 public:
  // Where the system gives fewer threads, those there are do it all.
  // One that has no processor of its own would only keep others from theirs while it looks for
  // work, so then nobody does.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(others_.size()) + 1; }

  // Calls work(job, thread) once for each job, and returns when all are done. `work` throws
  // nothing.
  void Run(size_t jobs, absl::FunctionRef<void(size_t job, int thread)> work);

 private:
  using Work = absl::FunctionRef<void(size_t job, int thread)>;

  // Looks for a while before it sleeps.
  template <typename Done>
  void Await(std::condition_variable& changed, const Done& done);
  void Serve(int thread);
  void TakeJobs(const Work& work, int thread);

  std::mutex mutex_;  // of those who sleep
  std::condition_variable started_;
  std::condition_variable finished_;
  std::atomic<uint64_t> round_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<int> busy_ = 0;
  const Work* work_ = nullptr;  // this and the next change only while none is busy
  size_t jobs_ = 0;
  std::atomic<size_t> next_ = 0;
  const int looks_;  // for something to happen, before sleeping
  std::vector<std::thread> others_;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_TEAM_H_
