#include <zlib.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/metrics.h"
#include "support/http.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::BodyOf;
using ::oasis::testing::HttpAsk;
using ::oasis::testing::HttpGet;
using ::oasis::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// At most so many bytes.
std::string Gunzip(std::string compressed, size_t most) {
  std::string text(most, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return text;
}

TEST(MetricsServerTest, AnswersAScrapeOnAFreePort) {
  Metrics metrics;
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("127.0.0.1:0", metrics));
  const std::string answer = HttpGet(server->port(), "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("# TYPE oasis_requests_total counter"));
}

TEST(MetricsServerTest, TakesAHostName) {
  const Metrics metrics;
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("localhost:0", metrics));
  EXPECT_GT(server->port(), 0);
}

TEST(MetricsServerTest, RefusesAPortInUse) {
  const Metrics metrics;
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("127.0.0.1:0", metrics));
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  EXPECT_THAT(MetricsServer::Start(address, metrics),
              StatusIs(absl::StatusCode::kUnavailable,
                       AllOf(HasSubstr(address), HasSubstr("already in use"))));
}

// Debian's civetweb; one that has IPv6 listens.
TEST(MetricsServerTest, SaysWhyItCannotListenOnIpv6) {
  const Metrics metrics;
  const auto server = MetricsServer::Start("[::1]:0", metrics);
  if (server.ok() || server.status().code() == absl::StatusCode::kUnavailable) {
    GTEST_SKIP() << "a library with IPv6, or a machine without it: " << server.status();
  }
  EXPECT_THAT(server, StatusIs(absl::StatusCode::kInvalidArgument,
                               AllOf(HasSubstr("[::1]:0"), HasSubstr("without IPv6"))));
}

TEST(MetricsServerTest, MayOutliveTheMetrics) {
  auto metrics = std::make_unique<Metrics>();
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("127.0.0.1:0", *metrics));
  metrics.reset();
  EXPECT_THAT(HttpGet(server->port(), "/metrics"), HasSubstr("oasis_build_info"));
}

class MetricsServerPagesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OASIS_ASSERT_OK_AND_ASSIGN(server_,
                               MetricsServer::Start("127.0.0.1:0", metrics_,
                                                    {{"/", [] { return "<p>all is well</p>"; }},
                                                     {"/long", [this] { return long_; }}}));
  }
  std::string Ask(const std::string& method, const std::string& path,
                  const std::string& headers = "") const {
    return HttpAsk(server_->port(), method, path, headers);
  }

  const Metrics metrics_;
  const std::string long_ = std::string(100'000, 'x');
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(MetricsServerPagesTest, AnswersAPageThatMayLoadNothing) {
  const std::string answer = Ask("GET", "/");
  EXPECT_EQ(BodyOf(answer), "<p>all is well</p>");
  EXPECT_THAT(answer, AllOf(HasSubstr("200 OK"), HasSubstr("Content-Type: text/html"),
                            HasSubstr("Content-Length: 18\r\n"),
                            HasSubstr("Content-Security-Policy: default-src 'none'; style-src "
                                      "'unsafe-inline'; img-src data:;"),
                            HasSubstr("X-Content-Type-Options: nosniff"),
                            HasSubstr("Cache-Control: no-store")));
  EXPECT_EQ(BodyOf(Ask("GET", "/?a=b")), "<p>all is well</p>");
}

TEST_F(MetricsServerPagesTest, GivesOnlyTheHeadersToAHead) {
  for (const char* path : {"/", "/metrics"}) {
    const std::string answer = Ask("HEAD", path);
    EXPECT_THAT(answer, HasSubstr("200 OK"));
    EXPECT_THAT(answer, Not(HasSubstr("Content-Length: 0\r\n")));
    EXPECT_EQ(BodyOf(answer), "");
  }
}

TEST_F(MetricsServerPagesTest, SaysWhichPagesThereAre) {
  for (const char* path : {"/favicon.ico", "/metrics/", "/%2e%2e/metrics/x", "/<script>"}) {
    const std::string answer = Ask("GET", path);
    EXPECT_THAT(answer, AllOf(HasSubstr("404 Not Found"), HasSubstr("Content-Type: text/plain")));
    EXPECT_EQ(BodyOf(answer), "There is no such page here. There are:\n  /\n  /long\n  /metrics\n");
  }
}

TEST_F(MetricsServerPagesTest, TakesNothing) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_THAT(Ask(method, "/"),
                AllOf(HasSubstr("405 Method Not Allowed"), HasSubstr("Allow: GET, HEAD\r\n")))
        << method;
  }
}

TEST_F(MetricsServerPagesTest, CompressesForThoseWhoTakeIt) {
  EXPECT_EQ(BodyOf(Ask("GET", "/long")), long_);
  const std::string answer = Ask("GET", "/long", "Accept-Encoding: deflate, gzip\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Encoding: gzip\r\n"));
  const std::string compressed = BodyOf(answer);
  EXPECT_LT(compressed.size(), long_.size() / 10);
  EXPECT_EQ(Gunzip(compressed, long_.size()), long_);
}

TEST_F(MetricsServerPagesTest, CountsScrapesAndNothingElse) {
  const std::string first = BodyOf(Ask("GET", "/metrics"));
  EXPECT_THAT(first, HasSubstr("exposer_scrapes_total 0"));
  Ask("GET", "/");
  Ask("HEAD", "/metrics");
  EXPECT_THAT(BodyOf(Ask("GET", "/metrics")),
              AllOf(HasSubstr("exposer_scrapes_total 1"),
                    HasSubstr("exposer_transferred_bytes_total " + std::to_string(first.size())),
                    HasSubstr("exposer_request_latencies_count 1")));
}

}  // namespace
}  // namespace oasis
