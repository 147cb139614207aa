// `oasis config`: what a server would run with, and what is wrong with a config file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ConfigCliTest : public ::testing::Test {
 protected:
  RunResult Check(const std::string& content) {
    WriteFile(file_, content);
    return RunOasis({"config", "check", file_});
  }

  TempDir dir_;
  const std::string file_ = (dir_ / "oasis.toml").string();
};

TEST_F(ConfigCliTest, AFileWithoutAFaultIsToldSo) {
  const RunResult result = Check("data-dir = \"x\"\nkeep = 2\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, file_ + ": no fault\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(ConfigCliTest, EveryFaultIsToldWithItsLineAndTheExitCodeIsOne) {
  const RunResult result = Check("data_dir = \"x\"\nkeep = 0\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err,
              AllOf(StartsWith("oasis: 2 faults"),
                    HasSubstr(file_ + ":1: unknown key 'data_dir'; did you mean 'data-dir'?\n"),
                    HasSubstr(file_ + ":2: keep: ")));
}

TEST_F(ConfigCliTest, WhatTheServerWouldRefuseIsAFaultOfTheFile) {
  const RunResult result = Check(
      "tls-cert = \"server.pem\"\n"
      "admin-listen = \"0.0.0.0:50052\"\n"
      "max-inflight-items = 10\n"
      "max-connection-age = \"0s\"\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err,
              AllOf(HasSubstr(file_ + ": 4 faults"), HasSubstr("needs --tls-cert and --tls-key"),
                    HasSubstr("admin-listen is 0.0.0.0:50052, which is not the loopback"),
                    HasSubstr("max-inflight-items is 10: must be at least 4096"),
                    HasSubstr("max-connection-age is 0: must be above 0")));
  const RunResult served =
      RunOasis({"serve", "--config", file_, "--data-dir", (dir_ / "store").string()});
  EXPECT_EQ(served.exit_code, 1);
  EXPECT_THAT(served.err, HasSubstr("max-inflight-items is 10: must be at least 4096"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "store"));
  EXPECT_EQ(Check("admin-listen = \"0.0.0.0:50052\"\nadmin-insecure = true\n").exit_code, 0);
  EXPECT_THAT(Check("admin-roles = \"roles.json\"\n").err,
              HasSubstr(file_ + ": TLS of the admin port needs all of --admin-tls-cert"));
}

TEST_F(ConfigCliTest, AFileThatIsNotThereFailsAndNoFileIsWrongUsage) {
  const RunResult missing = RunOasis({"config", "check", (dir_ / "none").string()});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, AllOf(HasSubstr((dir_ / "none").string()), HasSubstr("cannot be read")));
  EXPECT_EQ(RunOasis({"config", "check"}).exit_code, 2);
}

TEST_F(ConfigCliTest, ShowsEachSettingAndWhereItComesFrom) {
  WriteFile(file_, "keep = 2\nmax-age = \"36h\"\n");
  const RunResult shown = RunOasis({"config", "show", "--config", file_, "--keep", "4", "--json"},
                                   {{"OASIS_THREADS", "3"}, {"OASIS_MAX_AEG", "1h"}});
  EXPECT_THAT(shown.err, HasSubstr("did you mean OASIS_MAX_AGE?"));
  const json settings = JsonOf(shown)["settings"];
  const auto find = [&settings](const std::string& key) {
    for (const json& setting : settings) {
      if (setting["key"] == key) return setting;
    }
    return json();
  };
  EXPECT_EQ(find("keep"),
            json({{"key", "keep"}, {"value", "4"}, {"source", "flag"}, {"place", "--keep"}}));
  EXPECT_EQ(find("threads")["place"], "OASIS_THREADS");
  EXPECT_EQ(find("threads")["source"], "environment");
  EXPECT_EQ(find("max-age")["place"], file_ + ":2");
  EXPECT_EQ(find("max-age")["source"], "file");
  EXPECT_EQ(find("listen")["source"], "default");
  EXPECT_TRUE(find("data-dir")["value"].is_null());
  EXPECT_TRUE(find("json").is_null());
}

TEST_F(ConfigCliTest, WhatItShowsIsAFileThatCanBeUsed) {
  const RunResult first =
      RunOasis({"config", "show", "--data-dir", (dir_ / "a b").string(), "--keep", "4"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  WriteFile(file_, first.out);
  EXPECT_EQ(RunOasis({"config", "check", file_}).exit_code, 0);
  const json before = JsonOf(
      RunOasis({"config", "show", "--data-dir", (dir_ / "a b").string(), "--keep", "4", "--json"}));
  const json after = JsonOf(RunOasis({"config", "show", "--config", file_, "--json"}));
  for (size_t i = 0; i < before["settings"].size(); ++i) {
    EXPECT_EQ(before["settings"][i]["value"], after["settings"][i]["value"]);
  }
}

TEST_F(ConfigCliTest, AWrongFileIsRefusedByShowAsByServe) {
  WriteFile(file_, "keeep = 2\nkeep = 0\n");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"config", "show"}, std::vector<std::string>{"serve"}}) {
    std::vector<std::string> args = command;
    args.insert(args.end(), {"--config", file_});
    const RunResult result = RunOasis(args);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, AllOf(HasSubstr(":1: unknown key 'keeep'"), HasSubstr(":2: keep: ")));
  }
}

TEST_F(ConfigCliTest, AWrongVariableOfServeDoesNotKeepOthersFromRunning) {
  WriteFile(file_, "keep = 2\n");
  EXPECT_EQ(RunOasis({"config", "check", file_}, {{"OASIS_KEEP", "none"}}).exit_code, 0);
}

}  // namespace
}  // namespace oasis::testing
