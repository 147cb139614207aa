// What is written is read again.
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "oasis/allocation_recipes.h"
#include "unit/problem_files/problem_dir.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::ReadFile;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string NameOf(const std::vector<std::string>& names, uint32_t place) {
  return place == kNobody ? "" : names[place];
}

// Tables with names in place of their numbers: their order is not kept.
void ExpectSame(const AllocationTables& a, const AllocationTables& b) {
  const auto zones = [](const AllocationTables& tables) {
    std::vector<std::tuple<std::string, std::string, double, double, double>> rows;
    for (const Zone& zone : tables.zones) {
      rows.emplace_back(zone.surface, zone.market, zone.streams_per_slot,
                        zone.reference_satisfaction, zone.satisfaction_budget);
    }
    return rows;
  };
  const auto contexts = [](const AllocationTables& tables) {
    std::vector<std::tuple<uint32_t, std::string, double, double, double>> rows;
    for (const AllocationContext& row : tables.contexts) {
      rows.emplace_back(row.zone, row.cohort, row.supply, row.load_limit, row.tau);
    }
    return rows;
  };
  const auto items = [](const AllocationTables& tables) {
    std::vector<std::tuple<ItemKey, std::string, std::string, std::string, std::string, float>>
        rows;
    for (const AllocationItem& row : tables.items) {
      rows.emplace_back(row.key, NameOf(tables.artists, row.artist),
                        NameOf(tables.licensors, row.licensor),
                        NameOf(tables.campaigns, row.campaign), NameOf(tables.pools, row.pool),
                        row.royalty_per_stream);
    }
    return rows;
  };
  const auto constraints = [](const AllocationTables& tables) {
    const std::vector<std::string>* names[] = {
        nullptr, nullptr, &tables.campaigns, &tables.artists, &tables.licensors, &tables.pools};
    std::vector<std::tuple<std::string, ConstraintKind, ConstraintScope, std::string, std::string,
                           std::string, ConstraintUnit, double, double>>
        rows;
    for (const AllocationConstraint& row : tables.constraints) {
      const auto* of = names[static_cast<size_t>(row.scope)];
      rows.emplace_back(row.name, row.kind, row.scope,
                        of != nullptr ? NameOf(*of, row.subject) : std::to_string(row.subject),
                        row.surface, row.market, row.unit, row.bound, row.price);
    }
    return rows;
  };
  EXPECT_EQ(zones(a), zones(b));
  EXPECT_EQ(contexts(a), contexts(b));
  EXPECT_EQ(items(a), items(b));
  EXPECT_EQ(constraints(a), constraints(b));
  EXPECT_EQ(a.max_min_weight, b.max_min_weight);
  EXPECT_EQ(a.edges.context, b.edges.context);
  EXPECT_EQ(a.edges.item, b.edges.item);
  EXPECT_EQ(a.edges.organic, b.edges.organic);
  EXPECT_EQ(a.edges.value, b.edges.value);
  EXPECT_EQ(a.edges.terms, b.edges.terms);
  EXPECT_EQ(a.edges.satisfaction, b.edges.satisfaction);
}

class WriteProblemTest : public ::testing::Test {
 protected:
  absl::StatusOr<ProblemFiles> WriteAndRead(const ProblemFiles& problem,
                                            Compression compression = Compression::kNone) {
    const absl::Status written = WriteProblem(dir_.path(), problem, compression, nullptr);
    if (!written.ok()) return written;
    return ReadProblem(dir_.path(), nullptr);
  }

  TempDir dir_;
};

TEST_F(WriteProblemTest, AMonthOfPromotionComesBackEqual) {
  for (const auto fairness : {PromotionRecipe::Fairness::kNone, PromotionRecipe::Fairness::kLog,
                              PromotionRecipe::Fairness::kMaxMin}) {
    PromotionRecipe recipe;
    recipe.edges = 3'000;
    recipe.fairness = fairness;
    OASIS_ASSERT_OK_AND_ASSIGN(AllocationTables tables, MakePromotionTables(recipe));
    OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles read, WriteAndRead({tables, {}}));
    ExpectSame(tables, read.tables);
  }
}

TEST_F(WriteProblemTest, AMatchingProblemComesBackEqual) {
  MatchingRecipe recipe;
  recipe.sources = 500;
  recipe.destinations = 20;
  OASIS_ASSERT_OK_AND_ASSIGN(AllocationTables tables, MakeMatchingTables(recipe));
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles read, WriteAndRead({tables, {}}, compression));
    ExpectSame(tables, read.tables);
    for (const char* edges : {"edges.csv.gz", "edges.csv.zst"})
      std::filesystem::remove(dir_ / edges);
  }
}

TEST_F(WriteProblemTest, TermsCampaignsAndQuotedNamesComeBackEqual) {
  ProblemFiles problem;
  AllocationTables& tables = problem.tables;
  tables.zones = {{"radio", "SE", 0.5, 0.25, 1.0 / 3.0}};
  tables.contexts = {{0, "new", 1e15, 1.0 / 3.0, 0.1}};
  tables.artists = {"The \"A, B\" Band"};
  tables.campaigns = {"autumn", "spring, early"};
  tables.items = {{testing::TrackKey(1, 2), 0, kNobody, 1, kNobody, 0.1F}};
  tables.terms = {{"growth", 1.0}, {"revenue", -0.1}};
  tables.edges = {{0}, {0}, {0.1F}, {}, {0.3F}, {{1e-30F}, {-7.125F}}};
  problem.campaigns = {{.name = "autumn", .licensor = "N\xC3\xB8rth"},
                       {.name = "spring, early",
                        .licensor = "",
                        .starts_at = absl::FromUnixSeconds(1'772'323'200),
                        .ends_at = absl::FromUnixSeconds(1'780'000'000)}};
  OASIS_ASSERT_OK_AND_ASSIGN(const ProblemFiles read, WriteAndRead(problem));
  ExpectSame(tables, read.tables);
  EXPECT_EQ(problem.campaigns, read.campaigns);
  EXPECT_EQ(read.tables.campaigns, tables.campaigns);
  ASSERT_EQ(read.tables.terms.size(), 2U);
  EXPECT_EQ(read.tables.terms[1].name, "revenue");
  EXPECT_EQ(read.tables.terms[1].weight, -0.1);
}

TEST_F(WriteProblemTest, TheSameProblemIsTheSameBytes) {
  OASIS_ASSERT_OK_AND_ASSIGN(AllocationTables tables, MakePromotionTables({.edges = 500}));
  std::set<std::string> bytes;
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(WriteProblem(dir_.path(), {tables, {}}, Compression::kNone, nullptr), IsOk());
    bytes.insert(ReadFile(dir_ / "edges.csv") + ReadFile(dir_ / "constraints.csv"));
  }
  EXPECT_EQ(bytes.size(), 1U);
}

TEST_F(WriteProblemTest, AnItemWithoutItsUriIsNotWritten) {
  ProblemFiles problem;
  problem.tables.items = {{{{1, 2}, ItemKind::kOther}}};
  EXPECT_THAT(WriteProblem(dir_.path(), problem, Compression::kNone, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("URI is not kept")));
}

TEST_F(WriteProblemTest, ANameThatCouldNotBeReadIsNotWritten) {
  ProblemFiles problem;
  problem.tables.artists = {"two\nlines"};
  EXPECT_THAT(WriteProblem(dir_.path(), problem, Compression::kNone, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("artist 'two")));
}

TEST_F(WriteProblemTest, ProgressCanEndTheWriting) {
  OASIS_ASSERT_OK_AND_ASSIGN(AllocationTables tables, MakePromotionTables({.edges = 500}));
  EXPECT_THAT(WriteProblem(dir_.path(), {tables, {}}, Compression::kNone,
                           [](int64_t, int64_t) { return absl::CancelledError("enough"); }),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "edges.csv"));
}

}  // namespace
}  // namespace oasis
