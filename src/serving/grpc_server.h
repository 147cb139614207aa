// A gRPC server with our settings, listening.
#ifndef OASIS_SERVING_GRPC_SERVER_H_
#define OASIS_SERVING_GRPC_SERVER_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace oasis {

struct GrpcServer {
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

// Listens on `address` for `services` (which must outlive the server) and reflection, with `queues`
// completion queues for the asynchronous ones among them.
//
// There is always at least one: with it the threads of the synchronous services wait without
// polling (a hybrid server), and leave all sockets of the process to the serving threads. Polling
// threads of their own would take events from them and cost each call a change of threads (decision
// 0006). So a server with no asynchronous service only answers while serving threads run.
//
// InvalidArgument or Unavailable, naming the address, when it cannot listen there.
absl::StatusOr<GrpcServer> StartGrpcServer(const std::string& address,
                                           const std::vector<grpc::Service*>& services, int queues);

}  // namespace oasis

#endif  // OASIS_SERVING_GRPC_SERVER_H_
