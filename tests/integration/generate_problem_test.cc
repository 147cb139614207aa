// `oasis generate problem`: what it writes can be read, and is the same for the same flags.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "oasis/allocation_recipes.h"
#include "oasis/problem_files.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

class GenerateProblemTest : public ::testing::Test {
 protected:
  // The JSON that it printed.
  nlohmann::json Generate(const std::string& name, std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"generate", "problem", "--json", "--out", (dir_ / name).string()});
    return JsonOf(RunOasis(flags));
  }

  TempDir dir_;
};

TEST_F(GenerateProblemTest, APromotionProblemCanBeReadAndHasTheValueOfItsRecipe) {
  const nlohmann::json json =
      Generate("p", {"--edges", "2e3", "--seed", "5", "--fairness", "max-min", "--tau", "0.1"});
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, ReadProblem(dir_ / "p", nullptr));
  OASIS_ASSERT_OK_AND_ASSIGN(
      const AllocationTables recipe,
      MakePromotionTables(
          {.edges = 2'000, .seed = 5, .tau = 0.1, .fairness = PromotionRecipe::Fairness::kMaxMin}));
  const AllocationTables& tables = problem.tables;
  EXPECT_EQ(json["rows"]["edges"], recipe.edges.item.size());
  EXPECT_EQ(json["rows"]["constraints"], recipe.constraints.size());
  EXPECT_EQ(json["rows"]["terms"], 3);
  EXPECT_EQ(tables.edges.organic, recipe.edges.organic);
  EXPECT_EQ(tables.contexts[0].tau, 0.1);
  ASSERT_EQ(tables.terms.size(), 3U);
  for (size_t e = 0; e < recipe.edges.value.size(); ++e) {
    double value = 0.0;
    for (const std::vector<float>& term : tables.edges.terms) value += term[e];
    EXPECT_NEAR(value, recipe.edges.value[e], 1e-7 * std::abs(recipe.edges.value[e]));
  }
  const Campaign& campaign =
      problem.campaigns[tables.items[0].campaign == kNobody ? 0 : tables.items[0].campaign];
  EXPECT_THAT(campaign.name, HasSubstr("campaign-"));
}

TEST_F(GenerateProblemTest, ItemsMayBeThoseOfACatalogue) {
  std::string csv = "id,track_id,artists,album_name,popularity,track_genre\n";
  for (uint64_t i = 0; i < 50; ++i) {
    csv += std::to_string(i) + "," + FormatBase62({i + 1, 7}) + ",Ada;Bo,\"a, b\",55,latin\n";
  }
  WriteFile(dir_ / "tracks.csv", csv);
  Generate("p", {"--edges", "2000", "--catalogue", (dir_ / "tracks.csv").string()});
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, ReadProblem(dir_ / "p", nullptr));
  EXPECT_EQ(problem.tables.items.size(), 50U);
  EXPECT_EQ(problem.tables.items[0].key.gid.lo, 7U);
  EXPECT_THAT(problem.tables.artists, ::testing::ElementsAre("Ada"));
  EXPECT_THAT(problem.tables.pools, ::testing::ElementsAre("latin"));
}

TEST_F(GenerateProblemTest, AMatchingProblemCanBeReadCompressed) {
  Generate("m", {"--recipe", "matching", "--sources", "300", "--destinations", "20", "--compress",
                 "zst"});
  EXPECT_TRUE(std::filesystem::exists(dir_ / "m" / "edges.csv.zst"));
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles problem, ReadProblem(dir_ / "m", nullptr));
  EXPECT_EQ(problem.tables.contexts.size(), 300U);
  EXPECT_EQ(problem.tables.items.size(), 20U);
  EXPECT_EQ(problem.tables.contexts[0].tau, 0.002);
}

TEST_F(GenerateProblemTest, TheSameFlagsGiveTheSameBytes) {
  Generate("a", {"--edges", "500"});
  Generate("b", {"--edges", "500"});
  Generate("c", {"--edges", "500", "--seed", "2"});
  for (const auto& entry : std::filesystem::directory_iterator(dir_ / "a")) {
    EXPECT_EQ(ReadFile(entry.path()), ReadFile(dir_ / "b" / entry.path().filename().string()));
  }
  EXPECT_NE(ReadFile(dir_ / "a" / "edges.csv"), ReadFile(dir_ / "c" / "edges.csv"));
}

TEST_F(GenerateProblemTest, NeverWritesIntoADirectoryWithFiles) {
  Generate("p", {"--edges", "500"});
  const std::string before = ReadFile(dir_ / "p" / "edges.csv");
  const RunResult again =
      RunOasis({"generate", "problem", "--out", (dir_ / "p").string(), "--edges", "900"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("exists already"));
  EXPECT_EQ(ReadFile(dir_ / "p" / "edges.csv"), before);
}

TEST_F(GenerateProblemTest, PrintsTheRowsOfEachTableAndHowTightTheProblemIs) {
  const RunResult result =
      RunOasis({"generate", "problem", "--out", (dir_ / "p").string(), "--edges", "500"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* table : {"zones", "contexts", "items", "campaigns", "edges", "constraints"}) {
    EXPECT_THAT(result.out, HasSubstr(table));
  }
  EXPECT_THAT(result.out, HasSubstr("would be broken by a plan without prices"));
}

}  // namespace
}  // namespace oasis::testing
