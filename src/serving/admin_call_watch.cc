#include "serving/admin_call_watch.h"

#include <grpcpp/support/interceptor.h>

#include <chrono>

#include "absl/status/status.h"

namespace oasis {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

class OneCall final : public grpc::experimental::Interceptor {
 public:
  OneCall(ServerRpcInfo* call, CallWatch* watch) : call_(call), watch_(watch) {}

  void Intercept(InterceptorBatchMethods* batch) override {
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = batch->GetSendStatus();
      if (!status.ok()) {
        watch_->TellFailed(
            call_->method(), began_,
            {static_cast<absl::StatusCode>(status.error_code()), status.error_message()},
            *call_->server_context());
      }
    }
    batch->Proceed();
  }

 private:
  ServerRpcInfo* const call_;
  CallWatch* const watch_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

grpc::experimental::Interceptor* AdminCallWatch::CreateServerInterceptor(ServerRpcInfo* call) {
  return new OneCall(call, watch_);  // gRPC's
}

}  // namespace oasis
