// A drifted snapshot and a real server: refused, inspected, forced, rolled back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class GuardrailsCliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GenerateFiles(dir_ / "g0", 2000);
    GenerateFiles(dir_ / "few", 500);
    BuildFrom(dir_ / "g0", dir_ / "monday", "monday");
    BuildFrom(dir_ / "few", dir_ / "half", "half");
  }
  void Start(std::vector<std::string> more = {}) {
    server_ = std::make_unique<OasisServer>(dir_ / "data", std::move(more));
    ASSERT_TRUE(server_->ok());
  }
  std::string Path(const std::string& name) const { return (dir_ / name).string(); }
  RunResult Snapshot(std::vector<std::string> args) const {
    args.insert(args.begin(), "snapshot");
    args.insert(args.end(), {"--server", server_->admin()});
    return RunOasis(args);
  }
  std::string LiveId() const {
    const json status = JsonOf(RunOasis({"status", "--json", "--server", server_->admin()}));
    return status["tables"].empty() ? "" : status["tables"][0]["snapshot_id"];
  }

  TempDir dir_;
  std::unique_ptr<OasisServer> server_;
};

TEST_F(GuardrailsCliTest, ADriftedSnapshotIsRefusedInspectedForcedAndRolledBack) {
  Start();
  ASSERT_EQ(Snapshot({"load", Path("monday")}).exit_code, 0);

  const RunResult refused = Snapshot({"load", Path("half")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("check: snapshot 'half' is blocked"),
                                 HasSubstr("number of items 75.0 %"), HasSubstr("--force")));
  EXPECT_EQ(LiveId(), "monday");
  EXPECT_THAT(server_->MetricsPage(),
              HasSubstr(R"(oasis_snapshot_load_failures_total{reason="guardrails"} 1)"));
  EXPECT_THAT(Snapshot({"list"}).out, HasSubstr("half      guardrails blocked it as it was"));

  const RunResult text = Snapshot({"check", Path("half"), "--html", Path("half.html")});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.out, AllOf(StartsWith("new   discovery-mode/control half"),
                              HasSubstr("live  discovery-mode/control monday")));
  EXPECT_THAT(text.err, HasSubstr("snapshot 'half' is blocked"));
  EXPECT_THAT(ReadFile(dir_ / "half.html"), StartsWith("<!DOCTYPE html>"));
  EXPECT_EQ(json::parse(Snapshot({"check", Path("half"), "--json"}).out)["verdict"], "block");
  EXPECT_EQ(LiveId(), "monday");

  EXPECT_EQ(Snapshot({"load", Path("half"), "--force"}).exit_code, 2);  // without a reason
  const RunResult forced =
      Snapshot({"load", Path("half"), "--force", "--reason", "the catalogue was split"});
  EXPECT_EQ(forced.exit_code, 0) << forced.err;
  EXPECT_THAT(forced.err, HasSubstr("forced past guardrails: blocked"));
  EXPECT_EQ(LiveId(), "half");
  EXPECT_THAT(Snapshot({"list"}).out, Not(HasSubstr("come no more by themselves")));
  const RunResult journal = RunOasis({"journal", "--server", server_->admin()});
  EXPECT_THAT(journal.out, AllOf(HasSubstr("reason: the catalogue was split"),
                                 HasSubstr("forced past guardrails")));

  EXPECT_EQ(Snapshot({"rollback", "--reason", "no"}).exit_code, 0);
  EXPECT_EQ(LiveId(), "monday");
  EXPECT_THAT(Snapshot({"list"}).out, HasSubstr("half      rolled back from"));
  const json list = json::parse(Snapshot({"list", "--json"}).out);
  EXPECT_EQ(list["rejected"][0]["id"], "half");
  EXPECT_EQ(list["rejected"][0]["rolled_back"], true);
}

TEST_F(GuardrailsCliTest, APolicyFileDecidesWhatIsRefused) {
  WriteFile(dir_ / "policy.json",
            R"({"defaults": {"items": {"block": null}, "rows": {"block": null},
    "item_churn": {"block": null}, "surface_rows": {"block": null}, "market_rows": {"block": null},
    "licensor_rows": {"block": null}, "top_churn": {"block": null}, "psi": {"block": null},
    "ks": {"block": null}, "moved_rows": {"block": null}, "vanished_contexts": {"block": null},
    "max_age": "36h"}})");
  Start({"--policy", Path("policy.json")});
  ASSERT_EQ(Snapshot({"load", Path("monday")}).exit_code, 0);
  const RunResult warned = Snapshot({"load", Path("half")});
  EXPECT_EQ(warned.exit_code, 0) << warned.err;
  EXPECT_THAT(warned.err, HasSubstr("guardrails: passed with warnings"));
  EXPECT_THAT(server_->MetricsPage(), HasSubstr("oasis_snapshot_max_age_seconds{score_set="
                                                "\"discovery-mode\",variant=\"control\"} 129600"));
}

TEST_F(GuardrailsCliTest, StaleScoresSaySoWhereThePolicyFlagsThem) {
  WriteFile(dir_ / "policy.json", R"({"defaults": {"max_age": "1ms", "when_stale": "flag"}})");
  Start({"--policy", Path("policy.json")});
  const RunResult loaded = Snapshot({"load", Path("monday"), "--force", "--reason", "an old one"});
  ASSERT_EQ(loaded.exit_code, 0) << loaded.err;
  const RunResult scores = RunOasis({"scores", "get", "--server", server_->listen(), "--surface",
                                     "radio", "spotify:track:6rqhFgbbKwnb9MLmUQDhG6"});
  EXPECT_THAT(scores.out, HasSubstr(" old, STALE\n"));
}

TEST_F(GuardrailsCliTest, WithoutAPolicyNothingIsRefused) {
  Start({"--policy", "none"});
  ASSERT_EQ(Snapshot({"load", Path("monday")}).exit_code, 0);
  EXPECT_EQ(Snapshot({"load", Path("half")}).exit_code, 0);
  EXPECT_THAT(Snapshot({"check", Path("monday")}).err, HasSubstr("--policy none"));
}

TEST_F(GuardrailsCliTest, ABadPolicyIsToldBeforeTheServerServes) {
  WriteFile(dir_ / "policy.json", R"({"defaults": {"rwos": {}}})");
  const RunResult result = RunOasis({"serve", "--data-dir", Path("data"), "--policy",
                                     Path("policy.json"), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("policy.json: "), HasSubstr("'rows'")));
}

}  // namespace
}  // namespace oasis::testing
