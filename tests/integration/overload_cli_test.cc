// More than a server can do is asked of it, by the real load test: the minute of `./run bench
// --only overload` at small size.
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "support/oasis_files.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

using nlohmann::json;

class OverloadCliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GenerateFiles(dir_ / "data", 20'000);
    BuildFrom(dir_ / "data", dir_ / "s1", "s1");
  }

  OasisServer Start(const std::vector<std::string>& flags) {
    OasisServer server(dir_ / "store", flags);
    EXPECT_TRUE(server.ok());
    JsonOf(RunOasis(
        {"snapshot", "load", (dir_ / "s1").string(), "--server", server.admin(), "--json"}));
    return server;
  }

  static int64_t ResidentBytes(OasisServer& server) {
    std::ifstream statm(absl::StrCat("/proc/", server.process().pid(), "/statm"));
    int64_t all = 0;
    int64_t resident = 0;
    EXPECT_TRUE(statm >> all >> resident);
    return resident * sysconf(_SC_PAGESIZE);
  }

  json LoadTest(const OasisServer& server, std::vector<std::string> more) {
    std::vector<std::string> arguments = absl::StrSplit(
        "loadtest --batch 500 --prepared 64 --deadline 1s --allow-errors --json", ' ');
    more.insert(more.end(),
                {"--server", server.listen(), "--ids", (dir_ / "data" / "tracks.csv").string()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return JsonOf(RunOasis(arguments));
  }

  const TempDir dir_;
};

// Far more than five times the peak is due, so that it is an overload however the machine's speed
// changes meanwhile.
TEST_F(OverloadCliTest, CallersWithALimitOfCallsUnderWayGetMostOfThePeak) {
  const OasisServer server = Start({"--threads", "1"});
  const double peak =
      LoadTest(server, {"--duration", "2s", "--concurrency", "48"}).at("goodput_per_second");
  const json overload =
      LoadTest(server, {"--duration", "2s", "--rate", absl::StrCat(static_cast<int64_t>(50 * peak)),
                        "--max-outstanding", "48"});
  EXPECT_GT(overload.at("errors").at("NOT_SENT"), overload.at("calls")) << overload;
  EXPECT_GT(overload.at("goodput_per_second"), peak / 3) << overload;
  EXPECT_LT(overload.at("latency_us").at("p99"), 500'000) << overload;
}

TEST_F(OverloadCliTest, WhatCallersDoNotHoldBackTheServerRefusesAndIsItselfAgainAtOnce) {
  OasisServer server = Start({"--threads", "1", "--max-inflight-items", "4096"});
  const int64_t memory = ResidentBytes(server);
  const json overload = LoadTest(server, {"--duration", "2s", "--concurrency", "400"});
  EXPECT_GT(overload.at("refused"), 0) << overload;
  EXPECT_GT(overload.at("calls"), 0) << overload;
  if (!kSanitized) {  // they keep what is freed
    EXPECT_LT(ResidentBytes(server), memory + (int64_t{64} << 20));
  }
  const json after = LoadTest(server, {"--warmup", "0s", "--duration", "1s", "--concurrency", "1"});
  EXPECT_GT(after.at("calls"), 0) << after;
  EXPECT_EQ(after.at("refused"), 0) << after;
}

}  // namespace
}  // namespace oasis::testing
