#include "apps/allocate/sweep.h"

#include <utility>
#include <vector>

#include "apps/allocate/prices_file.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// One context; two items, one good for revenue, one for growth.
AllocationProblem TwoTerms() {
  AllocationTables tables;
  tables.zones.push_back({"radio", "SE", 1.0, 0.5});
  tables.contexts.push_back({0, "", 100.0, 0.5, 0.1});
  for (uint64_t i = 0; i < 2; ++i) tables.items.push_back({TrackKey(1, i)});
  tables.terms = {{"revenue", 1.0}, {"growth", 1.0}};
  tables.edges = {.context = {0, 0},
                  .item = {0, 1},
                  .organic = {0.1F, 0.1F},
                  .value = {},
                  .satisfaction = {0.5F, 0.5F},
                  .terms = {{0.2F, 0.0F}, {0.0F, 0.2F}}};
  auto problem = AllocationProblem::Create(std::move(tables));
  EXPECT_THAT(problem, IsOk());
  return *std::move(problem);
}

TEST(SweepTest, GivesATermMoreTheMoreItWeighs) {
  AllocationProblem problem = TwoTerms();
  OASIS_ASSERT_OK_AND_ASSIGN(const nlohmann::ordered_json sweep,
                             RunSweep({"revenue", {0.0, 1.0, 2.0}}, {}, problem));
  EXPECT_EQ(sweep["over"], "revenue");
  ASSERT_EQ(sweep["points"].size(), 3u);
  double revenue = -1.0, growth = 1e9;
  for (const auto& point : sweep["points"]) {
    EXPECT_GT(point["objectives"]["revenue"].get<double>(), revenue);
    EXPECT_LT(point["objectives"]["growth"].get<double>(), growth);
    revenue = point["objectives"]["revenue"];
    growth = point["objectives"]["growth"];
  }
  EXPECT_EQ(problem.terms[0].weight, 1.0);
  EXPECT_FLOAT_EQ(problem.edge_value[0], 0.2F);
}

TEST(SweepTest, RefusesATermThatIsNotThereAndGivesTheWeightsBackAfterAFailure) {
  AllocationProblem problem = TwoTerms();
  EXPECT_THAT(RunSweep({"rewards", {1.0}}, {}, problem),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("'rewards'"), HasSubstr("revenue, growth"))));
  EXPECT_THAT(RunSweep({"revenue", {2.0, 1e300}}, {}, problem),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("smaller")));
  EXPECT_EQ(problem.terms[0].weight, 1.0);
  EXPECT_FLOAT_EQ(problem.edge_value[0], 0.2F);
}

TEST(PricesFileTest, KeepsPricesExactly) {
  const TempDir dir;
  ASSERT_THAT(WritePrices(dir / "prices.json", {{"a \"cap\"", 1.0 / 3}, {"b", 0.0}}), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<NamedPrice> prices, ReadPrices(dir / "prices.json"));
  ASSERT_EQ(prices.size(), 2u);
  EXPECT_EQ(prices[0].constraint, "a \"cap\"");
  EXPECT_EQ(prices[0].price, 1.0 / 3);
  EXPECT_EQ(prices[1].price, 0.0);
}

TEST(PricesFileTest, RefusesWhatIsNoFileOfPrices) {
  const TempDir dir;
  EXPECT_THAT(ReadPrices(dir / "none"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  for (const char* text : {"", "[]", "{}", R"({"format": 3, "prices": {}})",
                           R"({"format": "oasis-prices", "prices": []})",
                           R"({"format": "oasis-prices", "prices": {"a": "b"}})"}) {
    WriteFile(dir / "prices.json", text);
    EXPECT_THAT(ReadPrices(dir / "prices.json"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("prices.json")))
        << text;
  }
}

}  // namespace
}  // namespace oasis::testing
