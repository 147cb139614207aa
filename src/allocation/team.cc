#include "allocation/team.h"

#include <system_error>

namespace oasis {
namespace {

// Short rounds follow each other: waking a thread takes longer than looking for a while.
constexpr int kLooks = 5000;  // some 0.1 ms where Pause() is one

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

Team::Team(int threads)
    : looks_(static_cast<unsigned>(threads) <= std::thread::hardware_concurrency() ? kLooks : 0) {
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

template <typename Done>
void Team::Await(std::condition_variable& changed, const Done& done) {
  for (int look = 0; look < looks_; ++look) {
    if (done()) return;
    Pause();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  changed.wait(lock, done);
}

void Team::Run(size_t jobs, absl::FunctionRef<void(size_t job, int thread)> work) {
  if (others_.empty() || jobs < 2) {
    for (size_t job = 0; job < jobs; ++job) work(job, 0);
    return;
  }
  work_ = &work;
  jobs_ = jobs;
  next_ = 0;
  busy_ = static_cast<int>(others_.size());
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++round_;
  }
  started_.notify_all();
  TakeJobs(work, 0);
  Await(finished_, [this] { return busy_ == 0; });
}

void Team::Serve(int thread) {
  uint64_t seen = 0;
  while (true) {
    Await(started_, [&] { return stop_ || round_ != seen; });
    if (stop_) return;
    seen = round_;
    TakeJobs(*work_, thread);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--busy_ == 0) finished_.notify_one();
  }
}

void Team::TakeJobs(const Work& work, int thread) {
  for (size_t job = next_++; job < jobs_; job = next_++) work(job, thread);
}

}  // namespace oasis
