// A problem becomes scores that a server gives out and explains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class AllocateCliTest : public ::testing::Test {
 protected:
  // A small problem by hand: two tracks on radio in Sweden, one with a licensor that was promised
  // more than there is.
  void WriteProblem() {
    std::filesystem::create_directory(dir_ / "problem");
    WriteFile(dir_ / "problem/contexts.csv",
              "surface,market,supply,load_limit,tau\nradio,SE,1000,0.3,0.1\n");
    WriteFile(dir_ / "problem/items.csv",
              "item_uri,artist,licensor,campaign\n"
              "spotify:track:6rqhFgbbKwnb9MLmUQDhG6,ann,acme,spring\n"
              "spotify:track:0000000000000000000001,bob,umbrella,\n");
    WriteFile(dir_ / "problem/campaigns.csv",
              "campaign,licensor,starts_at,ends_at\nspring,acme,2020-01-01,2099-01-01\n");
    WriteFile(dir_ / "problem/edges.csv",
              "item_uri,surface,market,organic,satisfaction,revenue,growth\n"
              "spotify:track:6rqhFgbbKwnb9MLmUQDhG6,radio,SE,0.05,0.6,0.02,0.10\n"
              "spotify:track:0000000000000000000001,radio,SE,0.10,0.6,0.08,0.01\n");
    WriteFile(dir_ / "problem/constraints.csv",
              "name,kind,scope,subject,unit,bound,price\n"
              "acme minimum,commitment,licensor,acme,slots,5000,0.4\n");
  }
  std::string Path(const std::string& name) const { return (dir_ / name).string(); }
  RunResult Allocate(std::vector<std::string> more = {}) const {
    std::vector<std::string> args = {"allocate", Path("problem")};
    args.insert(args.end(), more.begin(), more.end());
    return RunOasis(args);
  }

  TempDir dir_;
};

TEST_F(AllocateCliTest, TheScoresOfAPlanAreServedAndExplained) {
  WriteProblem();
  const RunResult allocated = Allocate({"--out", Path("plan"), "--id", "plan", "--report",
                                        Path("plan.html"), "--prices-out", Path("prices.json")});
  ASSERT_EQ(allocated.exit_code, 0) << allocated.err;
  EXPECT_THAT(allocated.out, AllOf(HasSubstr("1 of 1 commitments are short"),
                                   HasSubstr("acme minimum"), HasSubstr("snapshot plan: 2 items")));
  EXPECT_THAT(ReadFile(dir_ / "plan.html"), HasSubstr("acme minimum"));

  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  const RunResult load = RunOasis({"snapshot", "load", Path("plan"), "--server", server.admin()});
  ASSERT_EQ(load.exit_code, 0) << load.err;
  const std::vector<std::string> ask = {"--server",
                                        server.listen(),
                                        "--surface",
                                        "radio",
                                        "--market",
                                        "SE",
                                        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6"};
  std::vector<std::string> get = {"scores", "get", "--json"}, why = {"scores", "explain"};
  get.insert(get.end(), ask.begin(), ask.end());
  why.insert(why.end(), ask.begin(), ask.end());
  EXPECT_THAT(RunOasis(get).out, HasSubstr("\"found\""));
  const RunResult explained = RunOasis(why);
  EXPECT_THAT(explained.out,
              AllOf(HasSubstr("because   commitments +4.0000"), HasSubstr("value +1.2000"),
                    HasSubstr("load -"), HasSubstr("spring of acme")));
}

TEST_F(AllocateCliTest, TheReportSaysWhatWasPromisedAndWhatItCosts) {
  WriteProblem();
  const json report = JsonOf(Allocate({"--json"}));
  EXPECT_EQ(report["solve"]["stop"], "gap");
  const json& commitment = report["constraints"][0];
  EXPECT_NEAR(commitment["price"].get<double>(), 0.4, 1e-6);  // what a unit short costs
  EXPECT_NEAR(commitment["shortfall"].get<double>(), 5000 - commitment["activity"].get<double>(),
              1e-6);
  EXPECT_LE(report["promoted_slots"].get<double>(), 300.0 * (1 + 1e-6));
  EXPECT_EQ(report["objectives"][0]["term"], "revenue");
  EXPECT_EQ(report["objectives"][1]["term"], "growth");
  EXPECT_FALSE(report.contains("snapshot"));
}

TEST_F(AllocateCliTest, WeightsAndASweepChangeWhatObjectivesGet) {
  WriteProblem();
  std::filesystem::remove(dir_ / "problem/constraints.csv");
  const auto revenue = [](const json& report) {
    return report["objectives"][0]["promoted"].get<double>();
  };
  const json plain = JsonOf(Allocate({"--json"}));
  const json rich = JsonOf(Allocate({"--json", "--weight", "revenue=5"}));
  EXPECT_EQ(rich["objectives"][0]["weight"], 5.0);
  EXPECT_GT(revenue(rich), revenue(plain));
  const json swept = JsonOf(Allocate({"--json", "--sweep", "revenue=1,5"}));
  ASSERT_EQ(swept["sweep"]["points"].size(), 2u);
  EXPECT_NEAR(swept["sweep"]["points"][1]["objectives"]["revenue"].get<double>(), revenue(rich),
              1e-2 * revenue(rich));
}

TEST_F(AllocateCliTest, PricesOfYesterdayAreAHeadStart) {
  JsonOf(RunOasis({"generate", "problem", "--out", Path("problem"), "--edges", "20000", "--json"}));
  const json cold = JsonOf(Allocate({"--json", "--prices-out", Path("prices.json")}));
  const json warm = JsonOf(Allocate({"--json", "--warm-start", Path("prices.json")}));
  EXPECT_LT(warm["solve"]["passes"].get<int>(), cold["solve"]["passes"].get<int>() / 2);
  EXPECT_LE(warm["certificate"]["gap"].get<double>(), 1e-4);
}

TEST_F(AllocateCliTest, AStopHasAPlanThatAServerWarnsOf) {
  JsonOf(RunOasis({"generate", "problem", "--out", Path("problem"), "--edges", "20000", "--json"}));
  const RunResult stopped = Allocate({"--max-passes", "3", "--out", Path("plan")});
  ASSERT_EQ(stopped.exit_code, 0) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("the limit of passes ended it"));
  const RunResult check = RunOasis({"snapshot", "check", Path("plan")});
  EXPECT_THAT(check.out, HasSubstr("gap"));
  EXPECT_EQ(check.exit_code, 1);
}

TEST_F(AllocateCliTest, ASignalEndsTheSearchAndThePlanIsWritten) {
  JsonOf(RunOasis({"generate", "problem", "--out", Path("problem"), "--edges", "50000", "--json"}));
  Process process(
      OasisCommand({"allocate", Path("problem"), "--gap", "1e-12", "--max-passes", "1000000",
                    "--export-mps", Path("problem.mps"), "--out", Path("plan")}));
  // That file is written when all is read, and then it solves.
  while (!std::filesystem::exists(dir_ / "problem.mps")) {
    ASSERT_FALSE(process.WaitExit(std::chrono::milliseconds(5))) << process.err();
  }
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait(std::chrono::minutes(3)), 0) << process.err();
  EXPECT_THAT(process.err(), HasSubstr("stopped by a signal; the plan, of "));
  EXPECT_EQ(RunOasis({"snapshot", "verify", Path("plan")}).exit_code, 0);
}

TEST_F(AllocateCliTest, AnotherSolverCanCheckIt) {
  WriteProblem();
  ASSERT_EQ(Allocate({"--export-mps", Path("plan.mps")}).exit_code, 0);
  EXPECT_THAT(ReadFile(dir_ / "plan.mps"), AllOf(HasSubstr("ROWS"), HasSubstr("ENDATA")));
}

TEST_F(AllocateCliTest, FaultsAreToldAndNothingIsWritten) {
  WriteProblem();
  WriteFile(dir_ / "problem/items.csv",
            "item_uri,artist,licensor,campaign\nspotify:track:short,ann,acme,spring\n");
  const RunResult faulty = Allocate({"--out", Path("plan")});
  EXPECT_EQ(faulty.exit_code, 1);
  EXPECT_THAT(faulty.err, AllOf(HasSubstr("items.csv:2"), HasSubstr("not a valid item URI")));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "plan"));
  EXPECT_EQ(RunOasis({"allocate"}).exit_code, 2);
  EXPECT_THAT(Allocate({"--out", Path("no/such/plan")}).err, HasSubstr("no/such"));
  EXPECT_THAT(Allocate({"--out", Path("plan"), "--id", "a b"}).err, HasSubstr("'a b'"));
  EXPECT_EQ(Allocate({"--weight", "revenue"}).exit_code, 2);
  EXPECT_EQ(Allocate({"--sweep", "revenue=1,x"}).exit_code, 2);
  WriteProblem();
  const RunResult unknown = Allocate({"--weight", "reward=2"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("'reward'"), HasSubstr("revenue, growth")));
}

}  // namespace
}  // namespace oasis::testing
