// What is said of files of TLS before gRPC sees them.
#include "rpc/certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string>

#include "support/certificates.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TempDir;
using ::oasis::testing::TestCa;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::HasSubstr;

class CertificatesTest : public ::testing::Test {
 protected:
  static absl::Status Check(const TlsFiles& files) {
    const auto read = ReadCertificates(files);
    return read.ok() ? CheckCertificates(files, *read) : read.status();
  }
  static constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

  TestCa ca_;
  const TlsFiles good_ = ca_.Issue("good");
  TempDir dir_;
};

TEST_F(CertificatesTest, AcceptsWhatIsGood) {
  EXPECT_THAT(Check(good_), IsOk());
  EXPECT_THAT(Check({good_.certificate, good_.key, ""}), IsOk());
  EXPECT_THAT(Check({"", "", good_.ca}), IsOk());
  EXPECT_EQ(ReadCertificates(good_)->key, testing::ReadFile(good_.key));
}

TEST_F(CertificatesTest, NamesEveryFileThatCannotBeRead) {
  EXPECT_THAT(Check({dir_ / "a", good_.key, dir_ / "b"}),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr((dir_ / "a").string() + ": No such file"),
                             HasSubstr((dir_ / "b").string() + ": No such file"))));
  EXPECT_THAT(Check({dir_.path(), good_.key, ""}), StatusIs(kInvalid, HasSubstr("is no file")));
}

TEST_F(CertificatesTest, NamesEverythingThatIsWrong) {
  WriteFile(dir_ / "rubbish", "rubbish");
  EXPECT_THAT(Check({dir_ / "rubbish", dir_ / "rubbish", dir_ / "rubbish"}),
              StatusIs(kInvalid,
                       AllOf(HasSubstr("holds no PEM certificate ("), HasSubstr("holds no PEM key"),
                             HasSubstr("holds no PEM certificate of a CA"))));
}

TEST_F(CertificatesTest, RefusesAChainThatEndsInTheMiddleOfACertificate) {
  const std::string leaf = testing::ReadFile(good_.certificate);
  const std::string ca = testing::ReadFile(good_.ca);
  WriteFile(dir_ / "whole", leaf + "what others wrote between them\n" + ca);
  EXPECT_THAT(Check({dir_ / "whole", good_.key, dir_ / "whole"}), IsOk());
  WriteFile(dir_ / "half", leaf + ca.substr(0, ca.size() / 2));
  EXPECT_THAT(Check({dir_ / "half", good_.key, dir_ / "half"}),
              StatusIs(kInvalid, AllOf(HasSubstr("half: holds no PEM certificate ("),
                                       HasSubstr("half: holds no PEM certificate of a CA"))));
}

TEST_F(CertificatesTest, RefusesAKeyOfAnotherCertificate) {
  const TlsFiles other = ca_.Issue("other");
  EXPECT_THAT(Check({good_.certificate, other.key, ""}),
              StatusIs(kInvalid, HasSubstr("other.key: is not the key of the certificate in")));
}

TEST_F(CertificatesTest, RefusesAKeyWithAPassphraseWithoutAsking) {
  WriteFile(dir_ / "locked.key",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
  EXPECT_THAT(Check({good_.certificate, dir_ / "locked.key", ""}),
              StatusIs(kInvalid, HasSubstr("without a passphrase")));
}

TEST_F(CertificatesTest, RefusesOneThatHasExpired) {
  EXPECT_THAT(Check(ca_.Issue("old", "", -1)),
              StatusIs(kInvalid, AllOf(HasSubstr("old.pem: expired at 20"),
                                       HasSubstr("have a new one made"))));
}

// The same certificate, from tomorrow on.
std::string FromTomorrow(const std::string& pem) {
  BIO* const source = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* const certificate = PEM_read_bio_X509(source, nullptr, nullptr, nullptr);
  ASN1_TIME* const tomorrow = X509_time_adj_ex(nullptr, 1, 0, nullptr);
  X509_set1_notBefore(certificate, tomorrow);
  i2d_re_X509_tbs(certificate, nullptr);  // else what was read would be written again
  BIO* const changed = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(changed, certificate);
  char* text = nullptr;
  const long bytes = BIO_get_mem_data(changed, &text);
  std::string result(text, static_cast<size_t>(bytes));
  ASN1_TIME_free(tomorrow);
  X509_free(certificate);
  BIO_free(source);
  BIO_free(changed);
  return result;
}

TEST_F(CertificatesTest, RefusesOneThatIsNotValidYet) {
  WriteFile(dir_ / "early.pem", FromTomorrow(testing::ReadFile(good_.certificate)));
  EXPECT_THAT(Check({dir_ / "early.pem", good_.key, good_.ca}),
              StatusIs(kInvalid, AllOf(HasSubstr("early.pem: is not valid before 20"),
                                       HasSubstr("whether this clock is wrong"))));
}

TEST_F(CertificatesTest, WantsACertificateAndItsKeyTogether) {
  EXPECT_THAT(Check({good_.certificate, "", ""}), StatusIs(kInvalid, HasSubstr("give both")));
  EXPECT_THAT(Check({"", good_.key, good_.ca}), StatusIs(kInvalid, HasSubstr("give both")));
}

TEST_F(CertificatesTest, OfAFileTheFirstEndCounts) {
  const auto days_left = [](const std::string& pem) {
    return absl::ToDoubleHours(FirstEnd(pem) - absl::Now()) / 24;
  };
  const std::string soon = testing::ReadFile(ca_.Issue("soon", "", 1).certificate);
  const std::string late = testing::ReadFile(ca_.Issue("late", "", 9).certificate);
  EXPECT_NEAR(days_left(late), 9, 0.01);
  EXPECT_NEAR(days_left(late + soon + late), 1, 0.01);
  EXPECT_EQ(FirstEnd(""), absl::InfiniteFuture());
}

}  // namespace
}  // namespace oasis
