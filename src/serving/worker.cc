#include "serving/worker.h"

#include <grpc/support/time.h>
#include <pthread.h>

#include <latch>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

void* const kStopTag = nullptr;  // no call's

}  // namespace

Worker::Worker(AsyncService* service, std::unique_ptr<grpc::ServerCompletionQueue> queue, Edge edge,
               CallWatch* watch, std::chrono::nanoseconds max_reply_time)
    : queue_(std::move(queue)),
      max_reply_time_(max_reply_time),
      edge_(std::move(edge)),
      get_calls_(service, queue_.get(), &edge_, &replies_, watch),
      explain_calls_(service, queue_.get(), &edge_, &replies_, watch) {}

Worker::~Worker() { Stop(); }

absl::Status Worker::Start(int number) {
  std::latch posted(1);
  try {
    thread_ = std::thread([this, number, &posted] {
      pthread_setname_np(pthread_self(), absl::StrCat("oasis-serve-", number).c_str());
      for (int i = 0; i < kPostedCallsPerMethod; ++i) {
        get_calls_.Post();
        explain_calls_.Post();
      }
      posted.count_down();
      Run();
    });
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot start serving thread ", number, ": ", error.what(),
                     "; raise the limit of threads (ulimit -u, the cgroup's pids.max), or give "
                     "fewer --threads"));
  }
  posted.wait();  // nothing may be posted to a queue that was shut down
  return absl::OkStatus();
}

void Worker::Stop() {
  if (std::exchange(stopped_, true)) return;
  if (thread_.joinable()) {
    stop_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), kStopTag);
    thread_.join();
  } else {
    queue_->Shutdown();
    Run();  // a queue wants to be emptied
  }
}

void Worker::Run() {
  for (;;) {
    if (waiting_.empty() && !Await()) return;
    if (!Drain()) return;
    if (stopping_) EndQueue();
    for (int i = 0; i < kCallsPerTurn && !waiting_.empty(); ++i) {
      PendingCall* const call = waiting_.front();
      waiting_.pop_front();
      call->Answer();
    }
    CancelStalled();
  }
}

bool Worker::Await() {
  for (;;) {
    const auto until_due = std::chrono::ceil<std::chrono::microseconds>(CancelStalled());
    void* tag = nullptr;
    bool ok = false;
    switch (queue_->AsyncNext(&tag, &ok, std::chrono::system_clock::now() + until_due)) {
      case grpc::CompletionQueue::GOT_EVENT:
        Take(tag, ok);
        return true;
      case grpc::CompletionQueue::TIMEOUT:
        break;
      case grpc::CompletionQueue::SHUTDOWN:
        return false;
    }
  }
}

bool Worker::Drain() {
  for (int i = 0; i < kMaxDrainedEvents; ++i) {
    void* tag = nullptr;
    bool ok = false;
    switch (queue_->AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC))) {
      case grpc::CompletionQueue::GOT_EVENT:
        Take(tag, ok);
        break;
      case grpc::CompletionQueue::TIMEOUT:
        return true;
      case grpc::CompletionQueue::SHUTDOWN:
        return false;
    }
  }
  return true;
}

void Worker::EndQueue() {
  stopping_ = false;
  void* tag = nullptr;
  bool ok = false;
  while (queue_->AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC)) ==
         grpc::CompletionQueue::GOT_EVENT) {
    Take(tag, ok);
  }
  for (PendingCall* const call : std::exchange(waiting_, {})) call->Answer();
  queue_->Shutdown();
}

std::chrono::nanoseconds Worker::CancelStalled() {
  if (replies_.empty()) return max_reply_time_;
  const Replies::Time now = std::chrono::steady_clock::now();
  while (!replies_.empty() && replies_.oldest() <= now - max_reply_time_) {
    replies_.TakeOldest()->Cancel();
  }
  return replies_.empty() ? max_reply_time_ : replies_.oldest() - (now - max_reply_time_);
}

void Worker::Take(void* tag, bool ok) {
  if (tag == kStopTag) {
    stopping_ = true;
    return;
  }
  PendingCall* const call = static_cast<PendingCall*>(tag);
  if (call->OnEvent(ok)) waiting_.push_back(call);
}

}  // namespace oasis
