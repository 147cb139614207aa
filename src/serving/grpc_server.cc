#include "serving/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "metrics/listen_address.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "serving/admin_call_watch.h"

namespace oasis {
namespace {

void SetArguments(const GrpcServerOptions& options, grpc::ServerBuilder& builder) {
  // Else a second server on the same port would start, and get half of the connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);

  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.SetMaxReceiveMessageSize(kMaxReceiveMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, kMaxReadBytes);
  // gRPC unpacks a message before it looks at its size (decision 0019).
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
  }

  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveSeconds * 1000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutSeconds * 1000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kMinClientPingSeconds * 1000);
  if (options.max_connection_age != absl::InfiniteDuration()) {
    builder.AddChannelArgument(
        GRPC_ARG_MAX_CONNECTION_AGE_MS,
        static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(options.max_connection_age),
                                           std::numeric_limits<int>::max())));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                               kConnectionGraceSeconds * 1000);
  }

  // For the synchronous services: one queue, on which a thread waits for the next call.
  using Option = grpc::ServerBuilder::SyncServerOption;
  builder.SetSyncServerOption(Option::NUM_CQS, 1);
  builder.SetSyncServerOption(Option::MIN_POLLERS, 1);
  builder.SetSyncServerOption(Option::MAX_POLLERS, 2);
  // A stream holds its thread for as long as the client likes.
  grpc::ResourceQuota quota;
  quota.Resize(kMaxTransportBytes);
  quota.SetMaxThreads(kMaxSyncThreads);
  builder.SetResourceQuota(quota);
}

}  // namespace

absl::StatusOr<GrpcServer> StartGrpcServer(const GrpcServerOptions& options) {
  const std::string& address = options.address;
  OASIS_RETURN_IF_ERROR(CheckListenAddress(address).status());
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetArguments(options, builder);
  GrpcServer started;
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (!options.tls.files.empty()) {
    OASIS_ASSIGN_OR_RETURN(started.tls, TlsCredentials::Create(options.tls));
    credentials = started.tls;
  }
  builder.AddListeningPort(address, credentials, &started.port);
  for (grpc::Service* service : options.services) builder.RegisterService(service);
  if (options.watch_failed != nullptr) {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> watches;
    watches.push_back(std::make_unique<AdminCallWatch>(options.watch_failed));
    builder.experimental().SetInterceptorCreators(std::move(watches));
  }
  for (int i = 0; i < options.queues; ++i) {
    started.queues.push_back(builder.AddCompletionQueue());
  }
  started.server = builder.BuildAndStart();
  if (started.server == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address,
                     ": gRPC could not bind it; `ss -ltnp` shows who has the port"));
  }
  return started;
}

}  // namespace oasis
