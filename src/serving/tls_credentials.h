// TLS for a port, with certificates that can be replaced while it serves.
#ifndef OASIS_SERVING_TLS_CREDENTIALS_H_
#define OASIS_SERVING_TLS_CREDENTIALS_H_

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/tls.h"
#include "rpc/certificates.h"

namespace oasis {

// Every new connection reads the files again, and takes them when they changed and are good: no
// restart, no interval, no watching thread. While they are not good, as between the writing of a
// certificate and of its key, connections get what was there before. Connections that are there
// keep theirs. (gRPC's own watcher gives half a pair to TLS, and then no connection succeeds.)
//
// With a ca clients must show a certificate that comes from it. With `admit` a call that it refuses
// ends with its status, before any service hears of it: services, reflection and what is yet to be
// written alike.
class TlsCredentials final : public grpc::ServerCredentials {
 public:
  struct Options {
    TlsFiles files;
    AdmitCall admit;  // null: every call
    // Hears of files that changed: OK when they were taken, else once why not. On any thread.
    std::function<void(const absl::Status&)> observer;
  };

  // The error of files that cannot be read or are no good. The credentials must outlive their
  // server.
  static absl::StatusOr<std::shared_ptr<TlsCredentials>> Create(Options options);
  ~TlsCredentials() override;
  TlsCredentials(const TlsCredentials&) = delete;
  TlsCredentials& operator=(const TlsCredentials&) = delete;

 private:
  TlsCredentials(Options options, Certificates certificates);

  int AddPortToServer(const std::string& address, grpc_server* server) override;
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

  // gRPC's callbacks: for the first connection and each one after it, one at a time; for each call.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config);
  static void Process(void* self, grpc_auth_context* context, const grpc_metadata* metadata,
                      size_t count, grpc_process_auth_metadata_done_cb done, void* call);

  bool TakeChanges();  // whether certificates_ are others now

  const Options options_;
  Certificates certificates_;  // what connections get
  bool given_ = false;         // gRPC has certificates_
  std::string last_fault_;     // that the observer heard of
  grpc_server_credentials* credentials_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_TLS_CREDENTIALS_H_
