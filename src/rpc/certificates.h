// Certificates and keys, read from PEM files and checked before they are used.
#ifndef OASIS_RPC_CERTIFICATES_H_
#define OASIS_RPC_CERTIFICATES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "oasis/tls.h"

namespace oasis {

// The texts of the files; empty where there is none.
struct Certificates {
  std::string certificate;
  std::string key;
  std::string ca;

  bool operator==(const Certificates&) const = default;
};

// What is in the files, of at most kMaxPemBytes each. NotFound, PermissionDenied or InvalidArgument
// names each file that cannot be read.
absl::StatusOr<Certificates> ReadCertificates(const TlsFiles& files);

// InvalidArgument names everything that TLS would refuse later, and say less of: text that is no
// PEM or ends in the middle of it, a key that needs a passphrase or is not the certificate's (they
// were exchanged one after the other, say), a certificate that has expired or is not valid yet.
absl::Status CheckCertificates(const TlsFiles& files, const Certificates& certificates);

// When the first of the certificates in a PEM text ends: from then on not all of it is accepted.
// InfiniteFuture where there is none.
absl::Time FirstEnd(const std::string& pem);

}  // namespace oasis

#endif  // OASIS_RPC_CERTIFICATES_H_
