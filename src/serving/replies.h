// The replies of one queue that are being sent.
#ifndef OASIS_SERVING_REPLIES_H_
#define OASIS_SERVING_REPLIES_H_

#include <chrono>
#include <list>

#include "serving/pending_call.h"

namespace oasis {

// Oldest first. A reply whose caller does not read stays until its call is cancelled. Only the
// thread of the queue uses it.
class Replies {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // A call's own, so that nothing is allocated for a reply. REQUIRES: not destroyed between Add and
  // Remove.
  class Place {
   public:
    explicit Place(PendingCall* call) : entry_{{call, this, {}}}, self_(entry_.begin()) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend class Replies;
    struct Reply {
      PendingCall* call;
      Place* place;
      Time began;
    };
    std::list<Reply> entry_;  // of one, or empty while it is among the replies
    std::list<Reply>::iterator self_;
  };

  void Add(Place& place) {
    place.self_->began = std::chrono::steady_clock::now();
    replies_.splice(replies_.end(), place.entry_);
  }
  // Does nothing if it was taken.
  void Remove(Place& place) {
    if (place.entry_.empty()) place.entry_.splice(place.entry_.end(), replies_, place.self_);
  }

  bool empty() const { return replies_.empty(); }
  // REQUIRES: not empty, as the next one.
  Time oldest() const { return replies_.front().began; }
  PendingCall* TakeOldest() {
    const Place::Reply& oldest = replies_.front();
    Remove(*oldest.place);
    return oldest.call;
  }

 private:
  std::list<Place::Reply> replies_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_REPLIES_H_
