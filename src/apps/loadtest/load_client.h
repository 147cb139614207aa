// Sends prepared requests and records their answers: what both kinds of loop are made of.
#ifndef OASIS_APPS_LOADTEST_LOAD_CLIENT_H_
#define OASIS_APPS_LOADTEST_LOAD_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "apps/loadtest/figures.h"
#include "apps/loadtest/options.h"

namespace oasis {

using SteadyTime = std::chrono::steady_clock::time_point;

// When the test is, and whether it is to end early.
struct TestClock {
  SteadyTime begin;  // of the measured part, after the warm-up
  SteadyTime end;
  const std::atomic<bool>* stop;

  bool Running(SteadyTime now) const { return now < end && !stop->load(std::memory_order_relaxed); }
};

// One call under way; used again for the next one.
struct Call {
  std::optional<grpc::ClientContext> context;
  grpc::ByteBuffer response;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  SteadyTime due;
};

// Owns the completion queue of one thread. Start may be called beside Complete from another thread;
// neither beside itself.
class LoadClient {
 public:
  LoadClient(const LoadTestOptions& options, const TestClock& clock,
             const std::vector<grpc::ByteBuffer>& requests,
             const std::vector<std::shared_ptr<grpc::Channel>>& connections, size_t first_request);

  grpc::CompletionQueue& queue() { return queue_; }

  // Sends the next request over the next connection; `call` comes back as the queue's tag.
  void Start(Call* call, SteadyTime due);
  // Records the answer of a call the queue gave back.
  void Complete(Call* call);

  bool Measured(SteadyTime due) const { return due >= clock_.begin; }
  Figures& figures() { return figures_; }

 private:
  // False when it is none; then that was counted.
  bool ReadAnswer(const grpc::ByteBuffer& response);

  const LoadTestOptions& options_;
  const TestClock& clock_;
  const std::vector<grpc::ByteBuffer>& requests_;
  std::vector<std::unique_ptr<grpc::GenericStub>> connections_;
  size_t next_request_;
  size_t next_connection_ = 0;
  Figures figures_;
  std::pair<const std::string, int64_t>* last_snapshot_ = nullptr;  // in figures_.snapshots
  grpc::CompletionQueue queue_;
};

// Keeps options.concurrency / threads calls under way until the test ends.
void RunClosedLoop(LoadClient& client, const TestClock& clock, int concurrency);

// Sends calls when they are due, `rate` a second, whether or not earlier ones have been answered.
// Their latency counts from when they were due: a server that stalls cannot hide it by delaying the
// calls that would have seen it (coordinated omission).
void RunOpenLoop(LoadClient& client, const TestClock& clock, double rate, Schedule schedule,
                 int max_outstanding, uint64_t seed);

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_LOAD_CLIENT_H_
