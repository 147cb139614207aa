// What a scrape of `oasis serve` says of snapshots, against what was really loaded.
#include <absl/strings/numbers.h>

#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

// The value of one series, as "name{labels}"; -1 when it is not there.
double Value(const std::string& scrape, const std::string& series) {
  for (const absl::string_view line : absl::StrSplit(scrape, absl::ByAnyChar("\r\n"))) {
    double value = 0;
    if (line.substr(0, series.size()) == series && line.size() > series.size() &&
        line[series.size()] == ' ' && absl::SimpleAtod(line.substr(series.size() + 1), &value)) {
      return value;
    }
  }
  return -1;
}

constexpr char kControl[] = R"({score_set="discovery-mode",variant="control")";

class ServeMetricsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GenerateFiles(dir_ / "g", 300);
    built_ = BuildFrom(dir_ / "g", dir_ / "monday", "monday");
  }
  RunResult Load(const OasisServer& server, const std::string& name) {
    return RunOasis({"snapshot", "load", (dir_ / name).string(), "--server", server.admin()});
  }
  // Builds a small snapshot of that table.
  void Build(const std::string& score_set, const std::string& variant) {
    const std::string name = score_set + "-" + variant;
    WriteFile(dir_ / (name + ".csv"), "item_uri,surface,score\ncatalogue:item:1,radio,0.5\n");
    JsonOf(RunOasis({"snapshot", "build", "--scores", (dir_ / (name + ".csv")).string(), "--out",
                     (dir_ / name).string(), "--score-set", score_set, "--variant", variant,
                     "--created", "2026-01-01T00:00:00Z", "--json"}));
  }

  TempDir dir_;
  json built_;
};

TEST_F(ServeMetricsTest, CountsAndMeasuresWhatWasLoadedAndWhatWasRefused) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(Load(server, "monday").exit_code, 0);
  EXPECT_EQ(Load(server, "monday").exit_code, 0);
  BuildFrom(dir_ / "g", dir_ / "damaged", "damaged");
  const std::filesystem::path file = dir_ / "damaged" / "scores-00000.sst";
  std::string bytes = ReadFile(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  WriteFile(file, bytes);
  EXPECT_EQ(Load(server, "damaged").exit_code, 1);

  std::string scrape = server.MetricsPage();
  const auto of_control = [&](const std::string& name, const std::string& more = "") {
    return Value(scrape, absl::StrCat(name, kControl, more, "}"));
  };
  EXPECT_EQ(of_control("oasis_table_items"), built_["items"]);
  EXPECT_EQ(of_control("oasis_table_rows"), built_["rows"]);
  EXPECT_GT(of_control("oasis_table_resident_bytes"), 0);
  EXPECT_EQ(of_control("oasis_snapshot_info", R"(,snapshot_id="monday")"), 1);
  EXPECT_EQ(of_control("oasis_snapshot_swaps_total"), 1);
  EXPECT_EQ(of_control("oasis_snapshot_loads_total", R"(,outcome="published")"), 1);
  EXPECT_EQ(of_control("oasis_snapshot_loads_total", R"(,outcome="unchanged")"), 1);
  EXPECT_EQ(of_control("oasis_snapshot_loads_total", R"(,outcome="failed")"), 1);
  EXPECT_EQ(Value(scrape, R"(oasis_snapshot_load_failures_total{reason="data_loss"})"), 1);
  EXPECT_GE(of_control("oasis_snapshot_load_phase_seconds", R"(,phase="verify")"), 0);
  EXPECT_EQ(of_control("oasis_snapshot_load_phase_seconds", R"(,phase="build")"), -1);
  EXPECT_EQ(Value(scrape, R"(oasis_snapshot_loads_under_way{phase="verify"})"), 0);
  EXPECT_EQ(Value(scrape, R"(oasis_items_total{score_set="discovery-mode",status="found"})"), 0);
  EXPECT_EQ(Value(scrape, "oasis_serving"), 1);

  JsonOf(RunOasis({"scores", "get", "--server", server.listen(), "--surface", "radio", "bad",
                   "catalogue:item:none", "--json"}));
  scrape = server.MetricsPage();
  EXPECT_EQ(Value(scrape, R"(oasis_items_total{score_set="discovery-mode",status="invalid_id"})"),
            1);
  EXPECT_EQ(Value(scrape, R"(oasis_items_total{score_set="discovery-mode",status="not_found"})"),
            1);
}

TEST_F(ServeMetricsTest, ARestartServesOnlyWhenEveryTableIsBack) {
  const std::vector<std::string> score_sets = {"discovery-mode", "house-ads"};
  const std::vector<std::string> variants = {"control", "bold"};
  {
    OasisServer server(dir_ / "data", {"--policy", "none"});  // they are old
    ASSERT_TRUE(server.ok());
    for (const std::string& score_set : score_sets) {
      for (const std::string& variant : variants) {
        Build(score_set, variant);
        EXPECT_EQ(Load(server, score_set + "-" + variant).exit_code, 0);
      }
    }
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0);
  }
  // The snapshots are older than --max-age, so it is not fresh.
  OasisServer server(dir_ / "data", {"--max-age", "1h"});
  ASSERT_TRUE(server.ok());
  std::string scrape;
  do {
    scrape = server.MetricsPage();
  } while (Value(scrape, "oasis_serving") == 0);
  EXPECT_EQ(Value(scrape, "oasis_serving"), 1);
  EXPECT_EQ(Value(scrape, "oasis_fresh"), 0);
  for (const std::string& score_set : score_sets) {
    for (const std::string& variant : variants) {
      json answer = JsonOf(
          RunOasis({"scores", "get", "--server", server.listen(), "--surface", "radio",
                    "--score-set", score_set, "--variant", variant, "catalogue:item:1", "--json"}));
      EXPECT_EQ(answer["items"][0]["status"], "found");
      EXPECT_EQ(answer["variant"], variant);
    }
  }
}

TEST_F(ServeMetricsTest, DamageThatTheStoreFindsAtStartIsTold) {
  {
    OasisServer server(dir_ / "data");
    ASSERT_TRUE(server.ok());
    EXPECT_EQ(Load(server, "monday").exit_code, 0);
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0);
  }
  std::filesystem::remove_all(dir_ / "data" / "snapshots" / "discovery-mode" / "control" /
                              "monday");
  OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  EXPECT_TRUE(server.Logs("store was damaged"));
  EXPECT_THAT(server.process().err(),
              AllOf(HasSubstr(R"("level":"warning","message":"store was damaged")"),
                    HasSubstr("monday"), HasSubstr("its files are gone")));
}

}  // namespace
}  // namespace oasis::testing
