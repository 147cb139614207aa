#include <sys/prctl.h>

#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "apps/generate/random.h"
#include "apps/loadtest/load_client.h"

namespace oasis {
namespace {

// How long a sender with nothing to send sleeps at most: how soon it sees that it is to stop.
constexpr auto kLongestSleep = std::chrono::milliseconds(50);

// The calls that are not under way, handed between the sending and the receiving thread.
class IdleCalls {
 public:
  explicit IdleCalls(int most) : most_(most) {}

  // Null when as many as allowed are under way.
  Call* Take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty() && static_cast<int>(calls_.size()) < most_) {
      idle_.push_back(&calls_.emplace_back());
    }
    if (idle_.empty()) return nullptr;
    Call* call = idle_.back();
    idle_.pop_back();
    return call;
  }

  void Return(Call* call) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(call);
    returned_.notify_one();
  }

  // Until one can be taken, or `patience` is over.
  void WaitForOne(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    returned_.wait_for(lock, patience, [&] { return !idle_.empty(); });
  }
  void WaitForAll() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return idle_.size() == calls_.size(); });
  }

 private:
  const int most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::deque<Call> calls_;
  std::vector<Call*> idle_;
};

// The time from one call to the next.
class Gaps {
 public:
  Gaps(double rate, Schedule schedule, uint64_t seed)
      : mean_(1e9 / rate), schedule_(schedule), random_(seed) {}

  std::chrono::nanoseconds Next() {
    double gap = mean_;
    if (schedule_ == Schedule::kPoisson) {
      constexpr double kOne = 1ULL << 53;
      gap *= -std::log((static_cast<double>(random_.Below(1ULL << 53)) + 1) / kOne);
    }
    return std::chrono::nanoseconds(static_cast<int64_t>(gap));
  }

 private:
  double mean_;
  Schedule schedule_;
  Random random_;
};

}  // namespace

void RunClosedLoop(LoadClient& client, const TestClock& clock, int concurrency) {
  std::deque<Call> calls(static_cast<size_t>(concurrency));
  for (Call& call : calls) client.Start(&call, std::chrono::steady_clock::now());
  int outstanding = concurrency;
  void* tag = nullptr;
  bool ok = false;
  while (outstanding > 0 && client.queue().Next(&tag, &ok)) {
    auto* call = static_cast<Call*>(tag);
    client.Complete(call);
    const SteadyTime now = std::chrono::steady_clock::now();
    if (clock.Running(now)) {
      client.Start(call, now);
    } else {
      --outstanding;
    }
  }
  client.queue().Shutdown();
}

void RunOpenLoop(LoadClient& client, const TestClock& clock, double rate, Schedule schedule,
                 int max_outstanding, uint64_t seed) {
  IdleCalls idle(max_outstanding);
  std::thread receiver([&] {
    void* tag = nullptr;
    bool ok = false;
    while (client.queue().Next(&tag, &ok)) {
      auto* call = static_cast<Call*>(tag);
      client.Complete(call);
      idle.Return(call);
    }
  });

  prctl(PR_SET_TIMERSLACK, 1UL);  // the usual 50 us would be part of every latency
  Gaps gaps(rate, schedule, seed);
  Histogram lag;
  int64_t not_sent = 0;
  SteadyTime due = std::chrono::steady_clock::now() + gaps.Next();
  while (clock.Running(due)) {
    SteadyTime now = std::chrono::steady_clock::now();
    if (due > now) {
      std::this_thread::sleep_until(std::min(due, now + kLongestSleep));
      continue;
    }
    if (Call* const call = idle.Take(); call != nullptr) {
      if (client.Measured(due)) lag.Record(absl::FromChrono(now - due));
      client.Start(call, due);
      due += gaps.Next();
      continue;
    }
    // Those that come due meanwhile are not sent: no need to wake for each.
    idle.WaitForOne(kLongestSleep);
    for (now = std::chrono::steady_clock::now(); due <= now; due += gaps.Next()) {
      if (client.Measured(due)) ++not_sent;
    }
  }
  idle.WaitForAll();
  client.queue().Shutdown();
  receiver.join();

  client.figures().lag.Merge(lag);
  if (not_sent > 0) {
    client.figures().AddError("NOT_SENT", "more calls were under way than --max-outstanding");
    client.figures().errors["NOT_SENT"] += not_sent - 1;
  }
}

}  // namespace oasis
