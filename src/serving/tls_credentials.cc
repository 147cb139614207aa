#include "serving/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/slice.h>

#include <utility>

#include "absl/strings/string_view.h"
#include "oasis/status.h"
#include "rpc/peer_identity.h"
#include "serving/request_id.h"

namespace oasis {
namespace {

absl::string_view View(const grpc_slice& slice) {
  return {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

// The value of a key that is there once, as in a CallWatch.
absl::string_view ValueOf(absl::string_view key, const grpc_metadata* metadata, size_t count) {
  absl::string_view value;
  bool found = false;
  for (size_t i = 0; i < count; ++i) {
    if (View(metadata[i].key) != key) continue;
    if (found) return {};
    found = true;
    value = View(metadata[i].value);
  }
  return value;
}

}  // namespace

absl::StatusOr<std::shared_ptr<TlsCredentials>> TlsCredentials::Create(Options options) {
  OASIS_ASSIGN_OR_RETURN(Certificates certificates, ReadCertificates(options.files));
  OASIS_RETURN_IF_ERROR(CheckCertificates(options.files, certificates));
  return std::shared_ptr<TlsCredentials>(
      new TlsCredentials(std::move(options), std::move(certificates)));
}

TlsCredentials::TlsCredentials(Options options, Certificates certificates)
    : options_(std::move(options)), certificates_(std::move(certificates)) {
  const auto clients = options_.files.ca.empty()
                           ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                           : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  credentials_ = grpc_ssl_server_credentials_create_with_options(
      grpc_ssl_server_credentials_create_options_using_config_fetcher(clients, &Fetch, this));
  if (options_.admit == nullptr) return;
  grpc_server_credentials_set_auth_metadata_processor(credentials_, {&Process, [](void*) {}, this});
}

TlsCredentials::~TlsCredentials() { grpc_server_credentials_release(credentials_); }

int TlsCredentials::AddPortToServer(const std::string& address, grpc_server* server) {
  return grpc_server_add_http2_port(server, address.c_str(), credentials_);
}

TlsCredentials::State TlsCredentials::Renew() {
  const std::lock_guard<std::mutex> lock(mutex_);
  TakeChanges();
  return {.certificate_end = FirstEnd(certificates_.certificate),
          .ca_end = FirstEnd(certificates_.ca),
          .refused = !last_fault_.empty()};
}

void TlsCredentials::TakeChanges() {
  auto read = ReadCertificates(options_.files);
  if (read.ok() && *read == certificates_) {
    last_fault_.clear();
    return;
  }
  const absl::Status good = read.ok() ? CheckCertificates(options_.files, *read) : read.status();
  if (good.ok()) {
    certificates_ = *std::move(read);
    given_ = false;
    last_fault_.clear();
    options_.observer(good);
  } else if (good.message() != last_fault_) {
    last_fault_ = std::string(good.message());
    options_.observer(good);
  }
}

grpc_ssl_certificate_config_reload_status TlsCredentials::Fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
  auto& credentials = *static_cast<TlsCredentials*>(self);
  const std::lock_guard<std::mutex> lock(credentials.mutex_);
  credentials.TakeChanges();
  if (credentials.given_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const Certificates& certificates = credentials.certificates_;
  const grpc_ssl_pem_key_cert_pair pair = {certificates.key.c_str(),
                                           certificates.certificate.c_str()};
  // gRPC wants a root even where it asks no client for a certificate; then it is used for nothing.
  const std::string& root = certificates.ca.empty() ? certificates.certificate : certificates.ca;
  *config = grpc_ssl_server_certificate_config_create(root.c_str(), &pair, 1);
  credentials.given_ = true;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

void TlsCredentials::Process(void* self, grpc_auth_context* context, const grpc_metadata* metadata,
                             size_t count, grpc_process_auth_metadata_done_cb done, void* call) {
  const auto& credentials = *static_cast<TlsCredentials*>(self);
  const absl::Status admitted =
      credentials.options_.admit(PeerIdentityOf(*context), ValueOf(":path", metadata, count),
                                 RequestIdOf(ValueOf(kRequestIdKey, metadata, count)));
  const std::string message(admitted.message());
  done(call, nullptr, 0, nullptr, 0, static_cast<grpc_status_code>(admitted.code()),
       admitted.ok() ? nullptr : message.c_str());
}

}  // namespace oasis
