// The main job by the real binary: from a score file to answers, a swap, and back again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class CliStoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GenerateFiles(dir_ / "g0", 2000);
    GenerateFiles(dir_ / "g1", 2000, /*revision=*/1);
    monday_ = BuildFrom(dir_ / "g0", dir_ / "monday", "monday");
    tuesday_ = BuildFrom(dir_ / "g1", dir_ / "tuesday", "tuesday");
  }

  // Waits, by asking, until the server answers from a live table.
  std::string LiveSnapshot(const OasisServer& server) {
    for (int i = 0; i < 200; ++i) {
      json status = JsonOf(RunOasis({"status", "--server", server.admin(), "--json"}));
      if (status.contains("tables") && !status["tables"].empty()) {
        return status["tables"][0]["snapshot_id"];
      }
    }
    return "";
  }

  // Whether a call of some load test has been answered.
  static bool Answers(const OasisServer& server) {
    return !absl::StrContains(server.MetricsPage(),
                              R"(oasis_requests_total{method="GetPromotionScores",code="OK"} 0)"
                              "\n");
  }

  RunResult Load(const OasisServer& server, const std::string& name) {
    return RunOasis(
        {"snapshot", "load", (dir_ / name).string(), "--server", server.admin(), "--json"});
  }

  TempDir dir_;
  json monday_;
  json tuesday_;
};

TEST_F(CliStoryTest, SnapshotsCanBeLookedAtWithoutAServer) {
  EXPECT_EQ(monday_["items"], 2000);
  EXPECT_EQ(monday_["rows"], 8000);
  EXPECT_EQ(monday_["bad_rows"], 0);

  const std::string monday = (dir_ / "monday").string();
  EXPECT_EQ(JsonOf(RunOasis({"snapshot", "verify", monday, "--json"}))["rows"], 8000);
  json manifest = JsonOf(RunOasis({"snapshot", "inspect", monday, "--json"}));
  EXPECT_EQ(manifest["snapshot_id"], "monday");
  EXPECT_THAT(RunOasis({"snapshot", "inspect", monday}).out, HasSubstr("radio"));

  json diff = JsonOf(RunOasis({"snapshot", "diff", monday, (dir_ / "tuesday").string(), "--json"}));
  EXPECT_EQ(diff["before"]["snapshot_id"], "monday");
  EXPECT_EQ(diff["after"]["rows"], tuesday_["rows"]);
  EXPECT_GT(diff["rows"]["changed"], 50);
  EXPECT_GT(diff["movers"].size(), 0U);
  EXPECT_THAT(RunOasis({"snapshot", "diff", monday, (dir_ / "tuesday").string()}).out,
              HasSubstr("largest moves"));
}

TEST_F(CliStoryTest, AnswersAreThoseOfTheScoreFile) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  json loaded = JsonOf(Load(server, "monday"));
  EXPECT_EQ(loaded["outcome"], "published");
  EXPECT_EQ(loaded["snapshot_id"], "monday");

  // A row for a whole surface answers when the market asked has no row of its own: none has ZZ.
  std::vector<std::string> row;
  for (const auto& candidate : CsvRows(dir_ / "g0" / "scores.csv")) {
    if (candidate[1] == "radio" && candidate[2] == "*" && candidate[3] == "*") row = candidate;
  }
  ASSERT_FALSE(row.empty());
  for (const std::string mode : {"--gids", "--json"}) {  // the second one again: by URI
    json answer = JsonOf(RunOasis({"scores", "get", "--server", server.listen(), "--surface",
                                   "radio", "--market", "ZZ", row[0], "--json", mode}));
    EXPECT_EQ(answer["snapshots"][0]["id"], "monday");
    EXPECT_EQ(answer["items"][0]["status"], "found");
    EXPECT_NEAR(answer["items"][0]["scores"]["promotion"].get<double>(), std::stod(row[4]), 1e-4);
  }
  json why = JsonOf(RunOasis({"scores", "explain", "--server", server.listen(), "--surface",
                              "radio", "--market", "ZZ", row[0], "--json"}));
  EXPECT_EQ(why["match_level"], "surface");
  EXPECT_EQ(why["campaign"].is_null() ? "" : why["campaign"]["name"], row[5]);
  EXPECT_THAT(RunOasis({"scores", "explain", "--server", server.listen(), "--surface", "radio",
                        "--market", "ZZ", row[0]})
                  .out,
              HasSubstr("radio/*/* (this surface, any market and cohort)"));
}

TEST_F(CliStoryTest, ABadIdCostsThatIdAlone) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  JsonOf(Load(server, "monday"));
  const std::string good = CsvRows(dir_ / "g0" / "tracks.csv")[1][0];
  json answer = JsonOf(RunOasis({"scores", "get", "--server", server.listen(), "--surface", "radio",
                                 "spotify:track:bad", good, "--json"}));
  EXPECT_EQ(answer["items"][0]["status"], "invalid_id");
  EXPECT_NE(answer["items"][1]["status"], "invalid_id");
}

TEST_F(CliStoryTest, ASwapUnderLoadFailsNoCallAndARollbackUndoesIt) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  JsonOf(Load(server, "monday"));

  Process load(OasisCommand({"loadtest", "--server", server.listen(), "--ids",
                             (dir_ / "g0" / "tracks.csv").string(), "--duration", "10m",
                             "--deadline", "inf", "--warmup", "0s", "--batch", "50",
                             "--concurrency", "4", "--prepared", "64", "--json"}));
  while (load.running() && !Answers(server)) {
  }
  json swapped = JsonOf(Load(server, "tuesday"));
  EXPECT_EQ(swapped["replaced_snapshot_id"], "monday");
  const std::string track = CsvRows(dir_ / "g0" / "tracks.csv")[1][0];
  JsonOf(RunOasis({"scores", "get", "--server", server.listen(), "--surface", "radio", track,
                   "--json"}));  // time for the load test to see the new snapshot, too
  load.Signal(SIGINT);           // ends it early, with its report
  ASSERT_EQ(load.Wait(), 0) << load.err();
  json figures = json::parse(load.out());
  EXPECT_EQ(figures["failed"], 0);
  EXPECT_GT(figures["calls"], 0);
  EXPECT_TRUE(figures["snapshots"].contains("monday")) << figures;
  EXPECT_TRUE(figures["snapshots"].contains("tuesday")) << figures;
  EXPECT_EQ(figures["statuses"]["invalid_id"], 0);

  json back = JsonOf(RunOasis(
      {"snapshot", "rollback", "--server", server.admin(), "--reason", "looks wrong", "--json"}));
  EXPECT_EQ(back["snapshot_id"], "monday");
  EXPECT_EQ(LiveSnapshot(server), "monday");
}

TEST_F(CliStoryTest, ThePinnedSnapshotStaysUntilItIsUnpinned) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  JsonOf(Load(server, "monday"));
  JsonOf(RunOasis({"snapshot", "pin", "monday", "--server", server.admin(), "--json"}));
  const RunResult refused = Load(server, "tuesday");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("pinned"));
  JsonOf(RunOasis({"snapshot", "unpin", "--server", server.admin(), "--json"}));
  EXPECT_EQ(JsonOf(Load(server, "tuesday"))["outcome"], "published");
}

TEST_F(CliStoryTest, TheListAndTheJournalTellWhatHappened) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  JsonOf(Load(server, "monday"));
  JsonOf(Load(server, "tuesday"));
  JsonOf(RunOasis({"snapshot", "publish", "monday", "--server", server.admin(), "--reason",
                   "as a test", "--json"}));
  std::set<std::string> live;
  json list = JsonOf(RunOasis({"snapshot", "list", "--server", server.admin(), "--json"}));
  EXPECT_EQ(list["snapshots"].size(), 2U);
  for (const json& snapshot : list["snapshots"]) {
    if (snapshot["live"]) live.insert(snapshot["id"]);
  }
  EXPECT_EQ(live, std::set<std::string>{"monday"});

  json journal = JsonOf(RunOasis({"journal", "--server", server.admin(), "--json"}));
  ASSERT_GE(journal["entries"].size(), 3U);
  EXPECT_EQ(journal["entries"][0]["action"], "publish");
  EXPECT_EQ(journal["entries"][0]["snapshot_id"], "monday");
  EXPECT_THAT(journal["entries"][0]["detail"].get<std::string>(), HasSubstr("as a test"));
  EXPECT_THAT(RunOasis({"journal", "--server", server.admin()}).out, HasSubstr("tuesday"));
  EXPECT_THAT(RunOasis({"snapshot", "list", "--server", server.admin()}).out, HasSubstr("live"));
  EXPECT_THAT(RunOasis({"status", "--server", server.admin()}).out, HasSubstr("monday"));
}

TEST_F(CliStoryTest, StopsCleanlyOnSigtermAndServesTheSameAfterARestart) {
  {
    OasisServer server(dir_ / "data");
    ASSERT_TRUE(server.ok());
    JsonOf(Load(server, "monday"));
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0);
    EXPECT_THAT(server.process().err(), HasSubstr("\"message\":\"stopped\""));
  }
  const OasisServer again(dir_ / "data");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(LiveSnapshot(again), "monday");
}

}  // namespace
}  // namespace oasis::testing
