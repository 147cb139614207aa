// docs/metrics.md says what the server exposes: the same names, types and labels, both ways.
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "oasis/metrics.h"
#include "support/http.h"
#include "support/test_support.h"

namespace oasis {
namespace {

// Name -> type and labels.
using Families = std::map<std::string, std::pair<std::string, std::set<std::string>>>;

std::set<std::string> AllMatches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

Families OfPage(const std::string& path) {
  const std::regex row(R"(\| `([a-z_]+)` \| ([a-z]+) \| ?(.*?) ?\| .*\|)");
  const std::regex label("`([a-z_]+)`");
  Families families;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row)) {
      families[match[1]] = {match[2], AllMatches(match[3], label)};
    }
  }
  return families;
}

Families OfScrape(const std::string& text) {
  const std::regex type("# TYPE ([a-z_]+) ([a-z]+)\r?");
  const std::regex sample(R"(([a-z_]+)(\{.*\})? \S+\r?)");
  const std::regex label("([a-z_]+)=\"");
  Families families;
  std::string family;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_match(line, match, type)) {
      family = match[1];
      families[family].first = match[2];
    } else if (!family.empty() && std::regex_match(line, match, sample)) {
      for (const std::string& name : AllMatches(match[2], label)) {
        if (name != "le" && name != "quantile") families[family].second.insert(name);
      }
    }
  }
  return families;
}

TEST(MetricsPageTest, ListsExactlyWhatAScrapeShows) {
  Metrics metrics;
  metrics.NameScoreSet(0, "discovery-mode");
  metrics.SetLive({"discovery-mode", "control", "a", absl::Now(), 1, 1, 64, absl::Hours(2)});
  metrics.CountLoad("discovery-mode", "control", "published", "");
  metrics.SetLoadPhases("discovery-mode", "control", {{"verify", absl::Seconds(1)}});
  metrics.SetCertificatesSource([] {
    return std::vector<Metrics::Certificates>{{"serving", absl::Now(), absl::Now()}};
  });
  metrics.SetSurroundingsSource([] { return Metrics::Surroundings{1 << 30, false}; });
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("127.0.0.1:0", metrics));

  const Families page = OfPage(OASIS_METRICS_PAGE);
  EXPECT_GT(page.size(), 20u);
  EXPECT_EQ(page, OfScrape(testing::HttpGet(server->port(), "/metrics")));
}

}  // namespace
}  // namespace oasis
