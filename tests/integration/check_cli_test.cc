// `oasis snapshot check` by the real binary.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "oasis/manifest.h"
#include "support/oasis_files.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CheckCliTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new TempDir;
    GenerateFiles(*dir_ / "g0", 2000);
    GenerateFiles(*dir_ / "g1", 2000, /*revision=*/1);
    GenerateFiles(*dir_ / "few", 500);
    BuildFrom(*dir_ / "g0", *dir_ / "monday", "monday");
    BuildFrom(*dir_ / "g1", *dir_ / "tuesday", "tuesday");
    BuildFrom(*dir_ / "few", *dir_ / "half", "half");
  }
  static void TearDownTestSuite() { delete dir_; }

  static std::string Path(const std::string& name) { return (*dir_ / name).string(); }
  static RunResult Check(const std::string& name, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"snapshot", "check", Path(name)});
    return RunOasis(more);
  }

  static TempDir* dir_;
};
TempDir* CheckCliTest::dir_ = nullptr;

TEST_F(CheckCliTest, PassesTheNextDaysSnapshot) {
  const RunResult result = Check("tuesday", {"--against", Path("monday")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(StartsWith("new   discovery-mode/control tuesday"),
                                HasSubstr("live  discovery-mode/control monday"),
                                HasSubstr("drift of scores (PSI)"), HasSubstr("\npassed")));
  EXPECT_EQ(result.err, "");
}

TEST_F(CheckCliTest, SaysThatWithoutAPolicyThereIsNothingToCheck) {
  const RunResult result = Check("tuesday", {"--policy", "none"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("leave it out for the defaults"));
}

TEST_F(CheckCliTest, BlocksASnapshotThatLostMostItemsAndSaysWhy) {
  const RunResult result =
      Check("half", {"--against", Path("monday"), "--json", "--html", Path("report.html")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(StartsWith("oasis: snapshot 'half' is blocked: "),
                                HasSubstr("change of the number of items 75.0 %")));
  const json report = json::parse(result.out);
  EXPECT_EQ(report["verdict"], "block");
  EXPECT_EQ(report["live"]["items"], 2000);
  EXPECT_EQ(report["findings"][0]["verdict"], "block");
  EXPECT_THAT(ReadFile(*dir_ / "report.html"),
              AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("<svg"), HasSubstr("</html>")));
}

TEST_F(CheckCliTest, RefusesASnapshotThatDoesNotAnswerAsItsMakerSaw) {
  std::filesystem::copy(*dir_ / "tuesday", *dir_ / "odd");
  OASIS_ASSERT_OK_AND_ASSIGN(Manifest manifest, ReadManifest(*dir_ / "odd"));
  manifest.sentinels.at(0).scores.at(0) = 0.75F;
  std::filesystem::remove(*dir_ / "odd" / "MANIFEST.json");
  ASSERT_THAT(WriteManifest(*dir_ / "odd", manifest), IsOk());
  const RunResult result = Check("odd");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("signal promotion: expected 0.75, the table answers"));
}

TEST_F(CheckCliTest, BlocksOtherBytesUnderTheIdOfTheLiveOne) {
  BuildFrom(*dir_ / "g1", *dir_ / "again", "monday");
  const RunResult result = Check("again", {"--against", Path("monday")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("blocked: id of another snapshot"));
  EXPECT_EQ(Check("monday", {"--against", Path("monday")}).exit_code, 0);
}

TEST_F(CheckCliTest, BlocksASnapshotWhoseCampaignsAreAllOver) {
  std::string campaigns;
  for (const std::vector<std::string>& row : CsvRows(*dir_ / "g0" / "campaigns.csv")) {
    campaigns += row[0] + "," + row[1];
    campaigns += row[0] == "campaign" ? ",ends_at\n" : ",2025-06-01T00:00:00Z\n";
  }
  WriteFile(*dir_ / "over.csv", campaigns);
  JsonOf(RunOasis({"snapshot", "build", "--scores", Path("g0/scores.csv"), "--campaigns",
                   Path("over.csv"), "--out", Path("over"), "--id", "over", "--json"}));
  const RunResult result = Check("over");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("rows of campaigns not running 100.0 %"));
}

TEST_F(CheckCliTest, AsksAPolicyFileForTheThresholds) {
  WriteFile(*dir_ / "lax.json", R"({"score_sets": {"discovery-mode": {
      "items": {"warn": 0.5, "block": 0.9}, "rows": {"block": 0.9}, "item_churn": {"block": null},
      "surface_rows": {"block": 0.9}, "market_rows": {"block": 0.9},
      "licensor_rows": {"block": 0.99}, "top_churn": {"block": null}, "psi": {"block": null},
      "ks": {"block": null}, "vanished_contexts": {"block": null},
      "older_than_live": {"warn": null, "block": null}}}})");
  const RunResult lax =
      Check("half", {"--against", Path("monday"), "--policy", Path("lax.json"), "--json"});
  EXPECT_EQ(lax.exit_code, 0) << lax.err;
  EXPECT_EQ(json::parse(lax.out)["verdict"], "warn");

  WriteFile(*dir_ / "strict.json", R"({"defaults": {"rows": {"warn": 1e-9, "block": 1e-9},
      "moved_rows": {"warn": 1e-9, "block": 1e-9}, "move_bound": 1e-6}})");
  const RunResult strict =
      Check("tuesday", {"--against", Path("monday"), "--policy", Path("strict.json")});
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_THAT(strict.err, HasSubstr("rows whose score moved far"));
}

TEST_F(CheckCliTest, WithoutALiveSnapshotChecksWhatNeedsNone) {
  const RunResult result = Check("monday");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("live  none"), HasSubstr("share of scores that are 0")));
}

TEST_F(CheckCliTest, TellsWhatIsWrongWithItsArguments) {
  const auto expect = [](const RunResult& result, const std::string& message) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, AllOf(StartsWith("oasis: "), HasSubstr(message)));
  };
  expect(Check("nowhere"), "nowhere");
  expect(Check("monday", {"--policy", Path("nowhere.json")}), "nowhere.json");
  WriteFile(*dir_ / "wrong.json", R"({"defaults": {"item_chrun": {}}})");
  expect(Check("monday", {"--policy", Path("wrong.json")}), "'item_churn'");
  JsonOf(RunOasis({"snapshot", "build", "--scores", Path("g0/scores.csv"), "--campaigns",
                   Path("g0/campaigns.csv"), "--out", Path("arm"), "--variant", "arm", "--json"}));
  expect(Check("arm", {"--against", Path("monday")}), "one score set and variant");
}

}  // namespace
}  // namespace oasis::testing
