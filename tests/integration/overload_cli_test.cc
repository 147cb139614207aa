// Five times what a server can do is asked of it, by the real load test: the minute of
// `./run bench --only overload` at small size.
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;

class OverloadCliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GenerateFiles(dir_ / "data", 20'000);
    BuildFrom(dir_ / "data", dir_ / "s1", "s1");
    ASSERT_TRUE(server_.ok());
    JsonOf(RunOasis(
        {"snapshot", "load", (dir_ / "s1").string(), "--server", server_.admin(), "--json"}));
  }

  json LoadTest(std::vector<std::string> more) {
    std::vector<std::string> arguments = absl::StrSplit(
        "loadtest --batch 500 --prepared 64 --duration 2s --deadline 1s --allow-errors --json",
        ' ');
    more.insert(more.end(),
                {"--server", server_.listen(), "--ids", (dir_ / "data" / "tracks.csv").string()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return JsonOf(RunOasis(arguments));
  }

  const TempDir dir_;
  const OasisServer server_{dir_ / "store", {"--threads", "1"}};
};

// What tells from a server that answers ever later is the order of magnitude: without limits,
// nearly no answer is in time.
TEST_F(OverloadCliTest, AtFiveTimesThePeakCallersWithALimitStillGetMostOfIt) {
  const double peak = LoadTest({"--concurrency", "48"})["goodput_per_second"];
  const std::string rate = absl::StrCat(static_cast<int>(std::ceil(5 * peak)));
  const json overload = LoadTest({"--rate", rate, "--max-outstanding", "48"});
  EXPECT_GT(overload["failed"], overload["calls"]) << "was no overload: " << overload;
  EXPECT_GT(overload["goodput_per_second"], peak / 3) << overload;
  const json after = LoadTest({"--rate", absl::StrCat(static_cast<int>(peak / 4 + 1))});
  EXPECT_LT(after["failed"], after["calls"]) << after;
}

}  // namespace
}  // namespace oasis::testing
