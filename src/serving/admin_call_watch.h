// Failed calls of the admin port, told as those of the serving port are.
#ifndef OASIS_SERVING_ADMIN_CALL_WATCH_H_
#define OASIS_SERVING_ADMIN_CALL_WATCH_H_

#include <grpcpp/support/server_interceptor.h>

#include "serving/call_watch.h"

namespace oasis {

// Has `watch` told of each call that a service of the port ends with an error, whichever service it
// is. Thread-safe.
class AdminCallWatch final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit AdminCallWatch(CallWatch* watch) : watch_(watch) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* call) override;

 private:
  CallWatch* const watch_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_ADMIN_CALL_WATCH_H_
