// A gRPC server with our settings, listening.
#ifndef OASIS_SERVING_GRPC_SERVER_H_
#define OASIS_SERVING_GRPC_SERVER_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "serving/call_watch.h"
#include "serving/tls_credentials.h"

namespace oasis {

struct GrpcServer {
  std::shared_ptr<TlsCredentials> tls;  // null: plaintext; must outlive the server
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

struct GrpcServerOptions {
  std::string address;                   // port 0 takes a free one
  std::vector<grpc::Service*> services;  // must outlive the server
  int queues = 1;                        // at least 1; for the asynchronous services
  TlsCredentials::Options tls;           // without files: plaintext
  // Then a connection is closed, when its calls have ended or kConnectionGraceSeconds have passed.
  absl::Duration max_connection_age = absl::InfiniteDuration();
  CallWatch* watch_failed =
      nullptr;  // hears of each call that a service fails; must outlive the server
};

// Listens for the services and reflection.
//
// There is always a completion queue: with it the threads of the synchronous services wait without
// polling (a hybrid server), and leave all sockets of the process to the serving threads. Polling
// threads of their own would take events from them and cost each call a change of threads (decision
// 0006). So a server with no asynchronous service only answers while serving threads run.
//
// InvalidArgument or Unavailable, naming the address, when it cannot listen there; the error of
// TlsCredentials::Create.
absl::StatusOr<GrpcServer> StartGrpcServer(const GrpcServerOptions& options);

}  // namespace oasis

#endif  // OASIS_SERVING_GRPC_SERVER_H_
