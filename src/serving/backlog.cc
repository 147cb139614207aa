#include "serving/backlog.h"

#include <algorithm>

#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr std::chrono::milliseconds kMaxWait(kMaxWaitMilliseconds);
constexpr std::chrono::milliseconds kOverload(kOverloadMilliseconds);
constexpr std::chrono::milliseconds kMaxWaitInOverload(kMaxWaitInOverloadMilliseconds);
constexpr double kKept = 127.0 / 128;  // of the weight of former calls, by each one

int64_t WorkOf(int64_t items) { return items + kItemsWorthOfACall; }

}  // namespace

std::optional<Refused> Backlog::Refuse(Time now, std::chrono::nanoseconds until_deadline) const {
  const std::chrono::nanoseconds wait = Wait();
  if (wait.count() == 0) return std::nullopt;
  if (wait >= until_deadline) {
    return Refused{RefusalReason::kDeadline, "the deadline would pass before the call's turn"};
  }
  if (waiting_calls_ <= kMaxUnrefusedCalls) return std::nullopt;
  if (wait > (now - waits_since_ > kOverload ? kMaxWaitInOverload : kMaxWait)) {
    return Refused{RefusalReason::kWait, "the call would wait too long for its turn"};
  }
  return std::nullopt;
}

void Backlog::Add(int64_t items, Time now) {
  if (waiting_ == 0) waits_since_ = now;
  ++waiting_calls_;
  waiting_ += WorkOf(items);
}

void Backlog::Remove(int64_t items) {
  --waiting_calls_;
  waiting_ -= WorkOf(items);
}

void Backlog::Answered(int64_t items, Time accepted, Time now) {
  // It was this call's time from when the one before had been answered, unless it came later.
  const std::chrono::nanoseconds took = now - std::max(accepted, last_answer_);
  last_answer_ = now;
  answered_items_ = answered_items_ * kKept + static_cast<double>(WorkOf(items));
  answered_ns_ = answered_ns_ * kKept + static_cast<double>(took.count());
}

std::chrono::nanoseconds Backlog::Wait() const {
  if (answered_items_ == 0) return std::chrono::nanoseconds(0);
  return std::chrono::nanoseconds(
      static_cast<int64_t>(static_cast<double>(waiting_) * answered_ns_ / answered_items_));
}

}  // namespace oasis
