// How long a call will wait for its turn.
#ifndef OASIS_SERVING_BACKLOG_H_
#define OASIS_SERVING_BACKLOG_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "serving/refused.h"

namespace oasis {

// The calls that wait for one thread, and the pace at which it answers them: nanoseconds an item,
// where a call counts as kItemsWorthOfACall more than it has. Whatever else the thread does between
// answers is in its pace, so a thread that spends its time on refusals takes fewer calls, not
// slower ones. Used by that thread alone.
class Backlog {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Whether a call that comes now, with so much time until its deadline, is refused: for the
  // deadline, or since it would wait longer than any call may (kMaxWaitMilliseconds, or after a
  // while of overload kMaxWaitInOverloadMilliseconds), where more than kMaxUnrefusedCalls wait.
  // Never when no other call waits, so a pace that is wrong mends itself.
  std::optional<Refused> Refuse(Time now, std::chrono::nanoseconds until_deadline) const;

  void Add(int64_t items, Time now);
  // The turn of a call has come.
  void Remove(int64_t items);
  // And it was answered: `now` is the end.
  void Answered(int64_t items, Time accepted, Time now);

  // Of a call that comes now. 0 until calls were answered.
  std::chrono::nanoseconds Wait() const;

 private:
  int64_t waiting_calls_ = 0;
  int64_t waiting_ = 0;  // their items, and what the calls count beside
  Time waits_since_;     // when the first of them came to an empty backlog
  // Of the last calls, those before count less and less.
  double answered_items_ = 0;
  double answered_ns_ = 0;
  Time last_answer_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_BACKLOG_H_
