// TLS for a port, with certificates that can be replaced while it serves.
#ifndef OASIS_SERVING_TLS_CREDENTIALS_H_
#define OASIS_SERVING_TLS_CREDENTIALS_H_

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "oasis/tls.h"
#include "rpc/certificates.h"

namespace oasis {

// Every new connection reads the files again, and takes them when they changed and are good (a
// scrape does, too, so that metrics tell of files that no connection has asked for yet): no
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

  // What connections get.
  struct State {
    absl::Time certificate_end;  // FirstEnd of our certificate and those above it
    absl::Time ca_end;           // FirstEnd of the CAs; InfiniteFuture: there are none
    bool refused = false;        // the files are others by now, and no good
  };
  // Reads the files again, as a new connection does. Thread-safe.
  State Renew();

 private:
  TlsCredentials(Options options, Certificates certificates);

  int AddPortToServer(const std::string& address, grpc_server* server) override;
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

  // gRPC's callbacks: for the first connection and each one after it, one at a time; for each call.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config);
  static void Process(void* self, grpc_auth_context* context, const grpc_metadata* metadata,
                      size_t count, grpc_process_auth_metadata_done_cb done, void* call);

  void TakeChanges();  // under mutex_

  const Options options_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Certificates certificates_;  // what connections get
  bool given_ = false;         // gRPC has certificates_
  std::string last_fault_;     // that the observer heard of; empty: the files are certificates_
  grpc_server_credentials* credentials_;
};

}  // namespace oasis

#endif  // OASIS_SERVING_TLS_CREDENTIALS_H_
