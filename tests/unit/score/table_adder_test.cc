#include <string>
#include <thread>
#include <vector>

#include "oasis/table.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

constexpr uint64_t kThreads = 3;

TableBuilder::Options OptionsFor(int64_t items) {
  TableBuilder::Options options;
  options.info = {"discovery-mode", "control", "one", absl::UnixEpoch()};
  options.signals = {{"promotion", 2.0F}};
  options.campaigns.Own().assign(10, Campaign{});
  for (int i = 0; i < 8; ++i) options.contexts.push_back({"s" + std::to_string(i), "*", "*"});
  options.items = items;
  options.huge_pages = false;
  return options;
}

// Item number i: one to eight cells, which now and then have different campaigns.
ItemRow RowOf(uint64_t i) {
  std::vector<CellSpec> cells;
  for (uint64_t cell = 0; cell <= i % 8; ++cell) {
    const CampaignId campaign = i % 5 == 0 ? kNoCampaign : static_cast<CampaignId>(i % 7);
    cells.push_back({static_cast<ContextId>(cell),
                     {static_cast<int16_t>(i % 30'000)},
                     i % 11 == 0 && cell == 2 ? CampaignId{9} : campaign});
  }
  return MakeRow(TrackKey(i * 0x9E37'79B9'7F4A'7C15, i), cells);
}

// Adds every kThreads-th item in each thread.
absl::StatusOr<std::shared_ptr<const Table>> BuildWithThreads(uint64_t items) {
  auto builder = TableBuilder::Create(OptionsFor(static_cast<int64_t>(items)));
  if (!builder.ok()) return builder.status();
  std::vector<std::thread> threads;
  for (uint64_t first = 0; first < kThreads; ++first) {
    threads.emplace_back([&builder, first, items] {
      TableBuilder::Adder adder(*builder);
      for (uint64_t i = first; i < items; i += kThreads) EXPECT_THAT(adder.Add(RowOf(i)), IsOk());
      EXPECT_THAT(adder.Finish(), IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  return builder->Build();
}

TEST(TableAdderTest, ATableOfSeveralThreadsAnswersEveryKeyAsItsRowSays) {
  for (const uint64_t items : {0, 1, 7, 1000, 30'000}) {
    OASIS_ASSERT_OK_AND_ASSIGN(const auto table, BuildWithThreads(items));
    ASSERT_EQ(table->items(), static_cast<int64_t>(items));
    int64_t cells = 0;
    for (uint64_t i = 0; i < items; ++i) {
      const ItemRow row = RowOf(i);
      cells += static_cast<int64_t>(row.contexts.size());
      for (size_t cell = 0; cell < row.contexts.size(); ++cell) {
        const FallbackChain chain = table->contexts().Resolve("s" + std::to_string(cell), "", "");
        const Explanation why = table->Explain(row.key, chain, 0);
        ASSERT_EQ(why.status, ItemStatus::kFound) << i;
        ASSERT_EQ(why.quantised, row.scores[cell]) << i;
        ASSERT_EQ(why.campaign, row.campaigns[cell]) << i;
      }
    }
    EXPECT_EQ(table->cells(), cells);
    const FallbackChain any = table->contexts().Resolve("s0", "", "");
    for (uint64_t i = items; i < items + 1000; ++i) {
      ASSERT_EQ(table->Explain(RowOf(i).key, any, 0).status, ItemStatus::kNotFound);
    }
  }
}

TEST(TableAdderTest, RefusesAnItemThatAnotherThreadAdded) {
  OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder builder, TableBuilder::Create(OptionsFor(2)));
  TableBuilder::Adder one(builder);
  TableBuilder::Adder two(builder);
  ASSERT_THAT(one.Add(RowOf(5)), IsOk());
  ASSERT_THAT(two.Add(RowOf(5)), IsOk());
  ASSERT_THAT(one.Finish(), IsOk());
  EXPECT_THAT(two.Finish(), StatusIs(absl::StatusCode::kAlreadyExists,
                                     ::testing::HasSubstr(FormatKey(RowOf(5).key))));
}

// Of a block as full as tables get: some lie in their home line, some in the other one.
TEST(TableAdderTest, RefusesAnItemThatWasAddedWhereverItLies) {
  constexpr int kItems = 98;
  for (int again = 0; again < kItems; ++again) {
    OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder builder, TableBuilder::Create(OptionsFor(kItems + 1)));
    TableBuilder::Adder one(builder);
    for (int i = 0; i < kItems; ++i) ASSERT_THAT(one.Add(RowOf(i)), IsOk());
    ASSERT_THAT(one.Finish(), IsOk());
    ASSERT_THAT(one.Add(RowOf(again)), IsOk());
    EXPECT_THAT(one.Finish(), StatusIs(absl::StatusCode::kAlreadyExists,
                                       ::testing::HasSubstr(FormatKey(RowOf(again).key))));
  }
}

TEST(TableAdderTest, HoldsAllThreadsTogetherToTheNumberOfItemsAnnounced) {
  OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder builder, TableBuilder::Create(OptionsFor(1)));
  TableBuilder::Adder one(builder);
  TableBuilder::Adder two(builder);
  ASSERT_THAT(one.Add(RowOf(1)), IsOk());
  ASSERT_THAT(two.Add(RowOf(2)), IsOk());
  ASSERT_THAT(one.Finish(), IsOk());
  EXPECT_THAT(two.Finish(),
              StatusIs(absl::StatusCode::kOutOfRange, ::testing::HasSubstr("more than the 1")));
}

}  // namespace
}  // namespace oasis::testing
