#include "rpc/certificates.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

using BioPtr = std::unique_ptr<BIO, int (*)(BIO*)>;
using CertificatePtr = std::unique_ptr<X509, void (*)(X509*)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

BioPtr Open(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

// All of a file, in its order; none if there is a block that is not whole.
std::vector<CertificatePtr> CertificatesOf(const std::string& pem) {
  std::vector<CertificatePtr> found;
  const BioPtr source = Open(pem);
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)) {
    found.emplace_back(certificate, &X509_free);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) found.clear();
  return found;
}

KeyPtr FirstKey(const std::string& pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };  // or it would be asked for
  return {PEM_read_bio_PrivateKey(Open(pem).get(), nullptr, no_passphrase, nullptr),
          &EVP_PKEY_free};
}

absl::Time ToTime(const ASN1_TIME* time) {
  tm parts = {};
  ASN1_TIME_to_tm(time, &parts);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::Time BeginOf(const X509& certificate) { return ToTime(X509_get0_notBefore(&certificate)); }
absl::Time EndOf(const X509& certificate) { return ToTime(X509_get0_notAfter(&certificate)); }

std::string TimeText(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
}

absl::Status FileFault(int error_number, const std::filesystem::path& path) {
  absl::Status fault = absl::ErrnoToStatus(error_number, path.string());
  if (!absl::IsPermissionDenied(fault)) return fault;
  return absl::PermissionDeniedError(
      absl::StrCat(fault.message(), "; give the user of this process access to it"));
}

absl::Status Read(const std::filesystem::path& path, std::string* text) {
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  if (error) return FileFault(error.value(), path);
  if (!regular) return absl::InvalidArgumentError(absl::StrCat(path.string(), ": is no file"));
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  text->resize(kMaxPemBytes + 1);
  stream.read(text->data(), static_cast<std::streamsize>(text->size()));
  if (!stream.eof() && stream.fail()) {
    return FileFault(errno == 0 ? EIO : errno, path);
  }
  text->resize(static_cast<size_t>(stream.gcount()));
  if (text->size() <= kMaxPemBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), ": has more than ", kMaxPemBytes, " bytes"));
}

// What is wrong with our certificate and its key, if anything.
void CheckPair(const TlsFiles& files, const Certificates& texts, std::vector<std::string>* faults) {
  const std::vector<CertificatePtr> chain = CertificatesOf(texts.certificate);
  const X509* certificate = chain.empty() ? nullptr : chain.front().get();
  const KeyPtr key = FirstKey(texts.key);
  if (certificate == nullptr) {
    faults->push_back(absl::StrCat(files.certificate.string(),
                                   ": holds no PEM certificate (-----BEGIN CERTIFICATE-----), or "
                                   "one that is not whole"));
  } else if (const absl::Time end = EndOf(*certificate); end < absl::Now()) {
    faults->push_back(absl::StrCat(files.certificate.string(), ": expired at ", TimeText(end),
                                   "; have a new one made"));
  } else if (const absl::Time begin = BeginOf(*certificate); begin > absl::Now()) {
    faults->push_back(absl::StrCat(files.certificate.string(), ": is not valid before ",
                                   TimeText(begin),
                                   "; put it there then, or see whether this clock is wrong"));
  }
  if (key == nullptr) {
    faults->push_back(absl::StrCat(files.key.string(),
                                   ": holds no PEM key (-----BEGIN PRIVATE KEY-----) that can be "
                                   "read without a passphrase"));
  }
  if (certificate == nullptr || key == nullptr) return;
  if (X509_check_private_key(certificate, key.get()) == 1) return;
  faults->push_back(absl::StrCat(files.key.string(), ": is not the key of the certificate in ",
                                 files.certificate.string()));
}

}  // namespace

absl::StatusOr<Certificates> ReadCertificates(const TlsFiles& files) {
  Certificates texts;
  absl::Status first;
  std::vector<std::string> faults;
  for (const auto& [path, text] :
       {std::pair(&files.certificate, &texts.certificate), std::pair(&files.key, &texts.key),
        std::pair(&files.ca, &texts.ca)}) {
    const absl::Status read = Read(*path, text);
    if (read.ok()) continue;
    if (first.ok()) first = read;
    faults.emplace_back(read.message());
  }
  if (first.ok()) return texts;
  return absl::Status(first.code(), absl::StrCat("TLS: ", absl::StrJoin(faults, "; ")));
}

absl::Status CheckCertificates(const TlsFiles& files, const Certificates& certificates) {
  std::vector<std::string> faults;
  if (files.certificate.empty() != files.key.empty()) {
    faults.emplace_back("a certificate needs its key, and a key its certificate: give both files");
  } else if (!files.certificate.empty()) {
    CheckPair(files, certificates, &faults);
  }
  if (!files.ca.empty() && CertificatesOf(certificates.ca).empty()) {
    faults.push_back(
        absl::StrCat(files.ca.string(),
                     ": holds no PEM certificate of a CA (-----BEGIN CERTIFICATE-----), or one "
                     "that is not whole"));
  }
  ERR_clear_error();  // else a connection of this thread would find what we have seen
  if (faults.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("TLS: ", absl::StrJoin(faults, "; ")));
}

absl::Time FirstEnd(const std::string& pem) {
  absl::Time first = absl::InfiniteFuture();
  for (const CertificatePtr& certificate : CertificatesOf(pem)) {
    first = std::min(first, EndOf(*certificate));
  }
  ERR_clear_error();  // as above
  return first;
}

}  // namespace oasis
