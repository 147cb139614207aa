#include <limits>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "oasis/table.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

// Items with so many cells each, in contexts of their own surfaces.
std::shared_ptr<const Table> BuildEvenTable(int64_t items, int cells, size_t campaigns) {
  TableBuilder::Options options;
  options.info = {"discovery-mode", "control", "one", absl::UnixEpoch()};
  options.signals = {{"promotion", 2.0F}};
  options.campaigns.Own().assign(campaigns, Campaign{});
  for (int i = 0; i < cells; ++i) options.contexts.push_back({"s" + std::to_string(i), "*", "*"});
  options.items = items;
  std::vector<CellSpec> specs;
  for (int i = 0; i < cells; ++i) {
    specs.push_back({static_cast<ContextId>(i), {1}, campaigns > 0 ? 0 : kNoCampaign});
  }
  ItemRow row = MakeRow(TrackKey(0, 0), specs);
  auto builder = TableBuilder::Create(options);
  EXPECT_THAT(builder, IsOk());
  for (uint64_t i = 0; i < static_cast<uint64_t>(items); ++i) {
    row.key = TrackKey(i, i * i);
    EXPECT_TRUE(builder->Add(row).ok());
  }
  auto table = builder->Build();
  EXPECT_THAT(table, IsOk());
  return *table;
}

TEST(TableMemoryTest, TakesOneAndAThirdTimesTheBytesOfItsDataAtFourContextsAnItem) {
  constexpr int64_t kItems = 400'000;
  const int64_t data = kItems * (16 + 4 * 4);
  EXPECT_LE(BuildEvenTable(kItems, 4, 0)->resident_bytes(), data * 1.35);
  EXPECT_LE(BuildEvenTable(kItems, 4, 1'000)->resident_bytes(), data * 1.4);
}

class TableEstimateTest : public ::testing::TestWithParam<int> {};

TEST_P(TableEstimateTest, IsNotLessThanTheTableTakesNorMuchMore) {
  constexpr int64_t kItems = 400'000;
  const auto table = BuildEvenTable(kItems, GetParam(), 0);
  const int64_t estimate = TableBuilder::EstimateBytes(kItems, kItems * GetParam(), 1, 0);
  EXPECT_GE(estimate, table->resident_bytes());
  EXPECT_LE(2 * estimate, 3 * table->resident_bytes());
  table->Warm();
}

INSTANTIATE_TEST_SUITE_P(Contexts, TableEstimateTest, ::testing::Values(1, 4, 8, 20));

TEST(TableMemoryTest, AnEstimateCountsTheCampaigns) {
  constexpr int64_t kItems = 200'000;
  EXPECT_GE(TableBuilder::EstimateBytes(kItems, kItems, 1, 2),
            BuildEvenTable(kItems, 1, 2)->resident_bytes());
  EXPECT_GE(TableBuilder::EstimateBytes(kItems, kItems, 1, 70'000),
            BuildEvenTable(kItems, 1, 70'000)->resident_bytes());
}

TEST(TableMemoryTest, AnEstimateOfNonsenseIsLargeAndNoOverflow) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_GE(TableBuilder::EstimateBytes(most, most, 32, most), kMaxItems * 32);
  EXPECT_GE(TableBuilder::EstimateBytes(-1, -1, 1, -1), 0);
}

}  // namespace
}  // namespace oasis::testing
