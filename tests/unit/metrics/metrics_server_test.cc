#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/metrics.h"
#include "support/http.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::HttpGet;
using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

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
                       ::testing::AllOf(HasSubstr(address), HasSubstr("already in use"))));
}

TEST(MetricsServerTest, MayOutliveTheMetrics) {
  auto metrics = std::make_unique<Metrics>();
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("127.0.0.1:0", *metrics));
  metrics.reset();
  EXPECT_THAT(HttpGet(server->port(), "/metrics"), HasSubstr("oasis_build_info"));
}

}  // namespace
}  // namespace oasis
