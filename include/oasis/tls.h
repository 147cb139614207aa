// Transport security: the files it is made of, and who a peer is by its certificate.
#ifndef OASIS_TLS_H_
#define OASIS_TLS_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace oasis {

// PEM files of one side. None: plaintext.
struct TlsFiles {
  std::filesystem::path certificate;  // our own, with those between it and its CA
  std::filesystem::path key;          // of that certificate
  std::filesystem::path ca;           // the peer's certificate must come from one of these

  bool empty() const { return certificate.empty() && key.empty() && ca.empty(); }
};

// What a CA that we trust says a peer is called, the way OpenSSL writes it:
// "URI:spiffe://oasis/ops" and "DNS:producer.oasis" of the subject's alternative names, in that
// order, then "CN:alice" of the subject. Empty: the peer showed no certificate, or one without
// names.
struct PeerIdentity {
  std::vector<std::string> names;
};

// Whether a peer may make a call ("/oasis.v1.SnapshotAdmin/Pin"), else what it is told. The request
// id is for the words of a refusal: gRPC sends no metadata with it. Thread-safe.
using AdmitCall = std::function<absl::Status(const PeerIdentity& peer, absl::string_view method,
                                             absl::string_view request_id)>;

}  // namespace oasis

#endif  // OASIS_TLS_H_
