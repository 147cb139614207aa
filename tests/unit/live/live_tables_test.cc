#include "oasis/live_tables.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "overrides/table_rules.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::AllTables;
using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

std::shared_ptr<const Table> MakeTable(const std::string& score_set, const std::string& variant,
                                       int16_t score) {
  TableBuilder::Options options;
  options.info = {score_set, variant, "snapshot-" + std::to_string(score), absl::UnixEpoch()};
  options.signals = {{"promotion", 32767.0F}};
  options.contexts = {{"radio"}};
  options.campaigns = {{"over", "acme"}};
  options.campaigns.Own()[0].ends_at = absl::UnixEpoch();
  options.items = 1;
  absl::StatusOr<TableBuilder> builder = TableBuilder::Create(options);
  EXPECT_THAT(builder, IsOk());
  EXPECT_THAT(builder->Add(testing::MakeRow(testing::TrackKey(1, 1), {{0, {score}}})), IsOk());
  return *builder->Build();
}

const Table* Find(const TableSet& set, absl::string_view score_set, absl::string_view variant) {
  const TableSet::ScoreSet* found = set.FindScoreSet(score_set);
  if (found == nullptr) return nullptr;
  const TableSet::Variant* arm = TableSet::FindVariant(*found, variant);
  return arm == nullptr ? nullptr : arm->table.get();
}

TEST(LiveTablesTest, IsEmptyUntilTheFirstPublish) {
  LiveTables live;
  OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader reader, live.NewReader());
  EXPECT_TRUE(reader.Acquire()->score_sets().empty());
  EXPECT_THAT(live.Publish(MakeTable("a", "control", 1)), IsOk());
  EXPECT_EQ(reader.Acquire()->score_sets().size(), 1U);
}

TEST(LiveTablesTest, ReplacesOnlyTheTableOfThatScoreSetAndVariant) {
  LiveTables live;
  OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader reader, live.NewReader());
  const auto first = MakeTable("a", "control", 1);
  const auto arm = MakeTable("a", "bold", 2);
  const auto other = MakeTable("b", "control", 3);
  for (const auto& table : {first, arm, other}) {
    OASIS_ASSERT_OK_AND_ASSIGN(const auto replaced, live.Publish(table));
    EXPECT_EQ(replaced, nullptr);
  }
  const auto second = MakeTable("a", "control", 4);
  OASIS_ASSERT_OK_AND_ASSIGN(const auto replaced, live.Publish(second));
  EXPECT_EQ(replaced, first);

  const LiveTables::Handle set = reader.Acquire();
  EXPECT_EQ(Find(*set, "a", "control"), second.get());
  EXPECT_EQ(Find(*set, "a", "bold"), arm.get());
  EXPECT_EQ(Find(*set, "b", "control"), other.get());
  EXPECT_EQ(Find(*set, "b", "bold"), nullptr);
  EXPECT_EQ(Find(*set, "c", "control"), nullptr);
  EXPECT_EQ(set->FindScoreSet("a")->ordinal, 0);
  EXPECT_EQ(set->FindScoreSet("b")->ordinal, 1);
  EXPECT_EQ(AllTables(live).size(), 3U);
}

TEST(LiveTablesTest, LetsGoOfARetiredTableOnlyWhenNoReaderHoldsIt) {
  LiveTables live;
  OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader reader, live.NewReader());
  ASSERT_THAT(live.Publish(MakeTable("a", "control", 1)), IsOk());
  std::weak_ptr<const Table> retired;
  for (const auto& table : AllTables(live)) retired = table;

  std::atomic<bool> published{false};
  std::thread publisher;
  {
    const LiveTables::Handle held = reader.Acquire();
    publisher = std::thread([&] {
      EXPECT_THAT(live.Publish(MakeTable("a", "control", 2)), IsOk());
      published = true;
    });
    OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader other, live.NewReader());
    while (Find(*other.Acquire(), "a", "control")->info().snapshot_id != "snapshot-2") {
    }
    EXPECT_FALSE(published);
    EXPECT_EQ(Find(*held, "a", "control")->info().snapshot_id, "snapshot-1");
    EXPECT_FALSE(retired.expired());
  }
  publisher.join();
  EXPECT_TRUE(retired.expired());
}

TEST(LiveTablesTest, EveryReadSeesOneWholeSetWhileTablesAreSwapped) {
  LiveTables live;
  constexpr int16_t kSwaps = 300;
  ASSERT_THAT(live.Publish(MakeTable("a", "control", 0)), IsOk());
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      absl::StatusOr<LiveTables::Reader> reader = live.NewReader();
      ASSERT_THAT(reader, IsOk());
      int16_t last = 0;
      while (!stop) {
        const LiveTables::Handle set = reader->Acquire();
        const Table& table = *Find(*set, "a", "control");
        const Explanation why =
            table.Explain(testing::TrackKey(1, 1), table.contexts().Resolve("radio", "", ""), 0);
        ASSERT_EQ("snapshot-" + std::to_string(why.quantised), table.info().snapshot_id);
        ASSERT_GE(why.quantised, last) << "an older table came back";
        last = why.quantised;
      }
    });
  }
  for (int16_t k = 1; k <= kSwaps; ++k) {
    OASIS_ASSERT_OK_AND_ASSIGN(const auto replaced, live.Publish(MakeTable("a", "control", k)));
    EXPECT_EQ(replaced->info().snapshot_id, "snapshot-" + std::to_string(k - 1));
    EXPECT_EQ(replaced.use_count(), 1);
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

TEST(LiveTablesTest, RefusesOneReaderTooManyAndTakesTheNextWhenOneLeaves) {
  LiveTables live;
  std::vector<LiveTables::Reader> readers;
  for (int i = 0; i < kMaxReaders; ++i) {
    OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader reader, live.NewReader());
    readers.push_back(std::move(reader));
  }
  EXPECT_THAT(live.NewReader(), StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("512")));
  readers.pop_back();
  EXPECT_THAT(live.NewReader(), IsOk());
}

TEST(LiveTablesTest, RefusesOneScoreSetOrVariantTooManyAndChangesNothing) {
  LiveTables live;
  for (int i = 0; i < kMaxScoreSets; ++i) {
    ASSERT_THAT(live.Publish(MakeTable("set" + std::to_string(i), "control", 1)), IsOk());
  }
  EXPECT_THAT(live.Publish(MakeTable("one-more", "control", 1)),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("one-more")));
  for (int i = 1; i < kMaxVariants; ++i) {
    ASSERT_THAT(live.Publish(MakeTable("set0", "arm" + std::to_string(i), 1)), IsOk());
  }
  EXPECT_THAT(live.Publish(MakeTable("set0", "one-more", 1)),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("one-more")));
  EXPECT_EQ(AllTables(live).size(), size_t{kMaxScoreSets} + kMaxVariants - 1);
  EXPECT_THAT(live.Publish(MakeTable("set0", "control", 2)), IsOk());
}

TEST(LiveTablesTest, ADroppedTableIsMissingUntilTheNextIsPublished) {
  LiveTables live;
  OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader reader, live.NewReader());
  const auto first = MakeTable("a", "control", 1);
  ASSERT_THAT(live.Publish(first), IsOk());
  ASSERT_THAT(live.Publish(MakeTable("a", "bold", 2)), IsOk());
  EXPECT_EQ(live.Find("a", "control"), first);
  EXPECT_EQ(live.Drop("a", "control"), first);
  EXPECT_EQ(live.Find("a", "control"), nullptr);
  EXPECT_EQ(Find(*reader.Acquire(), "a", "control"), nullptr);
  EXPECT_NE(Find(*reader.Acquire(), "a", "bold"), nullptr);
  EXPECT_TRUE(reader.Acquire()->replacing());
  live.EndRestore({});  // a restart that ends meanwhile knows nothing of it
  EXPECT_TRUE(reader.Acquire()->replacing());
  ASSERT_THAT(live.Publish(MakeTable("a", "control", 3)), IsOk());
  EXPECT_FALSE(reader.Acquire()->replacing());
  EXPECT_TRUE(reader.Acquire()->missing().empty());
  EXPECT_EQ(reader.Acquire()->score_sets()[0].ordinal, 0);
}

TEST(LiveTablesTest, RenewedRulesAreFastAgain) {
  absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  LiveTables live([&now] { return now; });
  OASIS_ASSERT_OK_AND_ASSIGN(LiveTables::Reader reader, live.NewReader());
  EXPECT_THAT(live.Publish(MakeTable("a", "control", 1)), IsOk());
  const auto scope = [&] {
    return reader.Acquire()->score_sets()[0].variants[0].rules->ScopeOf("radio", "SE", now);
  };
  EXPECT_NE(scope().rows, nullptr);
  now += TableRules::kFastFor;
  EXPECT_TRUE(scope().campaigns);
  EXPECT_EQ(scope().rows, nullptr);
  live.RenewRules();
  EXPECT_NE(scope().rows, nullptr);
}

TEST(LiveTablesTest, DropsNothingWhereThereIsNothing) {
  LiveTables live;
  EXPECT_EQ(live.Drop("a", "control"), nullptr);
  ASSERT_THAT(live.Publish(MakeTable("a", "control", 1)), IsOk());
  EXPECT_EQ(live.Drop("a", "bold"), nullptr);
  EXPECT_EQ(live.Find("b", "control"), nullptr);
  live.Visit([](const TableSet& set) { EXPECT_FALSE(set.replacing()); });
}

}  // namespace
}  // namespace oasis
