#include "allocation/team.h"

#include <system_error>

namespace oasis {

Team::Team(int threads) {
  try {
    for (int thread = 1; thread < threads; ++thread) {
      others_.emplace_back([this, thread] { Serve(thread); });
    }
  } catch (const std::system_error&) {
    // Those there are do it.
  }
}

Team::~Team() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  started_.notify_all();
  for (std::thread& other : others_) other.join();
}

void Team::Run(size_t jobs, absl::FunctionRef<void(size_t job, int thread)> work) {
  if (others_.empty() || jobs < 2) {
    for (size_t job = 0; job < jobs; ++job) work(job, 0);
    return;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    work_ = &work;
    jobs_ = jobs;
    next_ = 0;
    busy_ = static_cast<int>(others_.size());
    ++round_;
  }
  started_.notify_all();
  TakeJobs(work, 0);
  std::unique_lock<std::mutex> lock(mutex_);
  finished_.wait(lock, [this] { return busy_ == 0; });
}

void Team::Serve(int thread) {
  uint64_t seen = 0;
  while (true) {
    const Work* work = nullptr;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      started_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
      work = work_;
    }
    TakeJobs(*work, thread);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--busy_ == 0) finished_.notify_one();
  }
}

void Team::TakeJobs(const Work& work, int thread) {
  for (size_t job = next_++; job < jobs_; job = next_++) work(job, thread);
}

}  // namespace oasis
