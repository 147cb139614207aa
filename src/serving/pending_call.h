// A call as the thread of its queue sees it.
#ifndef OASIS_SERVING_PENDING_CALL_H_
#define OASIS_SERVING_PENDING_CALL_H_

namespace oasis {

// What a tag of the queue points to:
//
//   posted -> accepted, waits for its turn -> its reply is being sent -> idle, or gone
//          -> refused, likewise
//          -> gone: the server shuts down
class PendingCall {
 public:
  virtual ~PendingCall() = default;

  // The queue returned this call; `ok` as the queue says. True when it is to be answered: then call
  // Answer when its turn comes. Else the object takes care of itself and may be gone.
  virtual bool OnEvent(bool ok) = 0;
  virtual void Answer() = 0;

  // While its reply is being sent: gives that up. The queue returns the call soon.
  virtual void Cancel() = 0;
};

}  // namespace oasis

#endif  // OASIS_SERVING_PENDING_CALL_H_
