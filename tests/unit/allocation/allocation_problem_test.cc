#include "oasis/allocation_problem.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/test_support.h"
#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::oasis::testing::TablesBuilder;
using ::testing::AllOf;
using ::testing::HasSubstr;

TablesBuilder TwoByTwo() {
  TablesBuilder builder;
  const uint32_t a = builder.Context(100.0), b = builder.Context(10.0);
  const uint32_t x = builder.Item(), y = builder.Item();
  builder.Edge(b, y, 0.1F, 1.0F);
  builder.Edge(a, y, 0.2F, 2.0F);
  builder.Edge(a, x, 0.3F, 3.0F);
  return builder;
}

TEST(AllocationProblemTest, PutsEdgesInAnOrderOfItsOwn) {
  const AllocationProblem problem = TwoByTwo().Build();
  ASSERT_EQ(problem.context_count(), 2u);
  EXPECT_EQ(problem.edges(), 3);
  EXPECT_EQ(problem.contexts[1].first_edge, 2);
  EXPECT_EQ(problem.edge_value[0], 3.0F);
  EXPECT_EQ(problem.edge_value[1], 2.0F);
  EXPECT_EQ(problem.edge_value[2], 1.0F);
  EXPECT_EQ(problem.offers(), 2u);
  EXPECT_NEAR(problem.contexts[0].rest, 0.5, 1e-7);
}

TEST(AllocationProblemTest, CountsInTheConstraintsUnit) {
  TablesBuilder builder = TwoByTwo();
  builder.tables.zones[0].streams_per_slot = 0.5;
  builder.tables.items[1].royalty_per_stream = 4.0F;
  for (const ConstraintUnit unit :
       {ConstraintUnit::kSlots, ConstraintUnit::kStreams, ConstraintUnit::kRoyalty}) {
    builder.tables.constraints.push_back({"row-" + std::to_string(static_cast<int>(unit)),
                                          ConstraintKind::kCap, ConstraintScope::kItem, 1, "", "",
                                          unit, 1.0, 0.0});
  }
  builder.tables.constraints.push_back({"elsewhere", ConstraintKind::kCap, ConstraintScope::kItem,
                                        1, "", "NO", ConstraintUnit::kSlots, 1.0, 0.0});
  const AllocationProblem problem = builder.Build();
  ASSERT_EQ(problem.entries.size(), 3u);
  EXPECT_EQ(problem.entries[0].coefficient, 1.0F);
  EXPECT_EQ(problem.entries[1].coefficient, 0.5F);
  EXPECT_EQ(problem.entries[2].coefficient, 2.0F);
  EXPECT_EQ(problem.constraints[0].name, "elsewhere");
}

TEST(AllocationProblemTest, ReportsAllFaultsOfAllTablesAtOnce) {
  TablesBuilder builder = TwoByTwo();
  builder.tables.zones[0].satisfaction_budget = -1.0;
  builder.tables.contexts[1].tau = 0.0;
  builder.tables.contexts[1].load_limit = 1.5;
  builder.tables.items[1].artist = 7;
  builder.tables.edges.context[0] = 9;
  builder.tables.edges.value[2] = std::nanf("");
  builder.ItemRow("row", ConstraintKind::kCommitment, 5, -1.0);
  const AllocationFaults faults = CheckTables(builder.tables);
  EXPECT_EQ(faults.count, 9);  // the row has three
  ASSERT_EQ(faults.first.size(), 9u);
  EXPECT_STREQ(faults.first[0].table, "zones");
  EXPECT_STREQ(faults.first[4].table, "edges");
  EXPECT_EQ(faults.first[4].row, 0);
  EXPECT_THAT(AllocationProblem::Create(builder.tables),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("9 faults"), HasSubstr("edges row 2: the value is nan"),
                             HasSubstr("contexts row 1: tau is 0"))));
}

TEST(AllocationProblemTest, RefusesTermsThatDoNotFit) {
  TablesBuilder builder;
  builder.Context(10.0);
  builder.Item();
  builder.Edge(0, 0, 0.1F, 0.5F);
  builder.tables.terms = {{"growth", 1.0}, {"growth", 1e300}};
  builder.tables.edges.terms = {{0.5F}};
  const AllocationFaults faults = CheckTables(builder.tables);
  ASSERT_EQ(faults.count, 4);
  EXPECT_THAT(faults.first[0].rule, HasSubstr("'growth' is there twice"));
  EXPECT_THAT(faults.first[1].rule, HasSubstr("the weight is 1e+300"));
  EXPECT_THAT(faults.first[2].rule, HasSubstr("1 columns of terms, and 2 terms"));
  EXPECT_THAT(faults.first[3].rule, HasSubstr("there is a value and there are terms"));
}

TEST(AllocationProblemTest, RefusesAnEdgeThatIsThereTwice) {
  TablesBuilder builder = TwoByTwo();
  builder.Edge(0, 1, 0.1F, 1.0F);
  EXPECT_THAT(AllocationProblem::Create(builder.tables),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("edges row 3: item 1 is there twice in context 0")));
}

TEST(AllocationProblemTest, RefusesContextsWithoutRoomForOtherContent) {
  TablesBuilder builder = TwoByTwo();
  builder.tables.edges.organic[1] = 0.7F;
  EXPECT_THAT(AllocationProblem::Create(builder.tables),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("contexts row 0")));
}

TEST(AllocationProblemTest, RefusesNamesThatAreThereTwice) {
  TablesBuilder builder = TwoByTwo();
  builder.ItemRow("cap", ConstraintKind::kCap, 0, 1.0);
  builder.ItemRow("cap", ConstraintKind::kCap, 1, 1.0);
  builder.tables.items[1].key = builder.tables.items[0].key;
  builder.tables.contexts[1].cohort = builder.tables.contexts[0].cohort;
  EXPECT_EQ(CheckTables(builder.tables).count, 3);
}

TEST(AllocationProblemTest, AProblemWithoutAnyRowsIsAProblem) {
  const auto problem = AllocationProblem::Create({});
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->edges(), 0);
  EXPECT_EQ(problem->context_count(), 0u);
}

}  // namespace
}  // namespace oasis
