// Certificates for tests, made while they run: none in the tree that could expire.
#ifndef OASIS_TESTS_SUPPORT_CERTIFICATES_H_
#define OASIS_TESTS_SUPPORT_CERTIFICATES_H_

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/tls.h"
#include "rpc/certificates.h"
#include "support/process.h"
#include "support/test_support.h"

namespace oasis::testing {

// A CA in a directory of its own, and what it signs. Needs the program `openssl`.
class TestCa {
 public:
  TestCa() {
    Run(absl::StrCat("openssl req -x509 ", kNewKey, " -keyout ca.key -out ca.pem -days 2 -subj ",
                     "/CN=test-ca -addext basicConstraints=critical,CA:TRUE"));
  }

  std::filesystem::path file() const { return dir_ / "ca.pem"; }

  // A certificate of the subject /CN=`name`, with `alternatives` as OpenSSL writes them:
  // "URI:spiffe://a/b,DNS:x". Replaces the one of that name. It expired if `days` are below 0.
  TlsFiles Issue(const std::string& name, const std::string& alternatives = "", int days = 2) {
    const std::string more =
        alternatives.empty() ? "" : absl::StrCat(" -addext subjectAltName=", alternatives);
    Run(absl::StrCat("openssl req ", kNewKey, " -keyout ", name, ".key -subj /CN=", name, more,
                     " | openssl x509 -req -CA ca.pem -CAkey ca.key -CAserial ", name,
                     ".serial -CAcreateserial -copy_extensions copy -days ", days, " -out ", name,
                     ".pem"));
    return {dir_ / (name + ".pem"), dir_ / (name + ".key"), file()};
  }

  // For a server that is called by this address.
  TlsFiles IssueServer(const std::string& name = "server") {
    return Issue(name, "IP:127.0.0.1,DNS:oasis.test");
  }

 private:
  static constexpr char kNewKey[] =
      "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config /dev/null";

  void Run(const std::string& command) {
    const RunResult result =
        RunProgram({"/bin/sh", "-c", absl::StrCat("cd ", dir_.path().string(), " && ", command)});
    EXPECT_EQ(result.exit_code, 0) << command << "\n" << result.err;
  }

  TempDir dir_;
};

// A channel with a connection of its own that shows that certificate, if there is one, to a server
// of this machine.
inline std::shared_ptr<grpc::Channel> ConnectTls(int port, const TlsFiles& files) {
  const Certificates texts = ReadCertificates(files).value();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                   grpc::SslCredentials({texts.ca, texts.key, texts.certificate}),
                                   arguments);
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_CERTIFICATES_H_
