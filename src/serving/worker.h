// One serving thread with its completion queue.
#ifndef OASIS_SERVING_WORKER_H_
#define OASIS_SERVING_WORKER_H_

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <chrono>
#include <deque>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "serving/call.h"
#include "serving/edge.h"
#include "serving/replies.h"

namespace oasis {

// Takes calls from its queue and answers them on its thread: no call changes threads. As long as
// calls wait for their turn it does not block on the queue but looks what has arrived, so that
// admission sees the whole backlog and refuses what is too much while it is fresh.
class Worker {
 public:
  // `service` and `watch` must outlive the worker, and the server must be shut down before the
  // worker is. A call whose reply takes longer than `max_reply_time` to be sent is cancelled.
  Worker(AsyncService* service, std::unique_ptr<grpc::ServerCompletionQueue> queue, Edge edge,
         CallWatch* watch, std::chrono::nanoseconds max_reply_time);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Starts the thread `number`, which posts the first calls. ResourceExhausted when the system
  // gives no thread; then no call comes here, and the worker can only be stopped.
  absl::Status Start(int number);

  // Ends the thread. REQUIRES: the server is shut down.
  void Stop();

 private:
  void Run();
  // Waits for something to arrive and takes it in. False as Drain.
  bool Await();
  // Takes in what has arrived. False when the queue is at its end: then no call is left either.
  bool Drain();
  void Take(void* tag, bool ok);
  // Once the server takes no more calls: answers those that are there, then shuts the queue down.
  // gRPC aborts when it is given work, and be it by taking in a call that arrived, for a queue that
  // was shut down.
  void EndQueue();
  // Callers that do not take their replies must not hold what others need. Returns how long it is
  // at most until the next is due.
  std::chrono::nanoseconds CancelStalled();

  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  const std::chrono::nanoseconds max_reply_time_;
  Edge edge_;
  Replies replies_;
  Calls<GetExchange> get_calls_;
  Calls<ExplainExchange> explain_calls_;
  std::deque<PendingCall*> waiting_;
  grpc::Alarm stop_;
  bool stopping_ = false;  // it went off, and the queue is not shut down yet
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace oasis

#endif  // OASIS_SERVING_WORKER_H_
