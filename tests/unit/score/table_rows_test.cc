// Whole rows out of a table, against the map of rows that it was built from.
#include <map>
#include <random>
#include <vector>

#include "oasis/table.h"
#include "support/sanitized.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

constexpr int kContexts = 9;
using Rows = std::map<ItemKey, ItemRow>;

ItemKey RandomKey(std::mt19937_64& random) {
  return {{random() % 8, random() % 4000}, static_cast<ItemKind>(random() % 2)};
}

Rows RandomRows(std::mt19937_64& random, size_t items, size_t signals) {
  Rows rows;
  for (size_t i = 0; i < items; ++i) {
    ItemRow row;
    row.key = RandomKey(random);
    const auto density = 1 + random() % 8;
    for (ContextId context = 0; context < kContexts; ++context) {
      const bool last_chance = context == kContexts - 1 && row.contexts.empty();
      if (random() % density != 0 && !last_chance) continue;
      row.contexts.push_back(context);
      const bool named = random() % 3 != 0;
      row.campaigns.push_back(named ? static_cast<CampaignId>(random() % 50) : kNoCampaign);
      for (size_t s = 0; s < signals; ++s) {
        row.scores.push_back(static_cast<int16_t>(random() % 65'535 - kQuantisedMax));
      }
    }
    rows[row.key] = row;
  }
  return rows;
}

std::shared_ptr<const Table> TableOf(const Rows& rows, size_t signals, bool campaigns) {
  TableBuilder::Options options;
  for (size_t s = 0; s < signals; ++s) options.signals.push_back({"s" + std::to_string(s), 1.0F});
  for (int i = 0; i < kContexts; ++i) {
    options.contexts.push_back({"surface" + std::to_string(i), "*", "*"});
  }
  if (campaigns) options.campaigns.Own().resize(50);
  options.items = static_cast<int64_t>(rows.size());
  auto builder = TableBuilder::Create(options);
  EXPECT_THAT(builder, IsOk());
  for (const auto& [key, row] : rows) EXPECT_THAT(builder->Add(row), IsOk());
  auto table = builder->Build();
  EXPECT_THAT(table, IsOk());
  return *table;
}

void ExpectSame(const ItemRow& row, const ItemRow& expected) {
  EXPECT_EQ(row.key, expected.key);
  EXPECT_EQ(row.contexts, expected.contexts);
  EXPECT_EQ(row.campaigns, expected.campaigns);
  EXPECT_EQ(row.scores, expected.scores);
}

void ExpectVisitsAll(const Table& table, const Rows& rows, size_t parts) {
  Rows seen;
  for (size_t part = 0; part < parts; ++part) {
    table.VisitRows(part, parts, [&](const ItemRow& row) {
      EXPECT_TRUE(seen.emplace(row.key, row).second) << FormatKey(row.key);
    });
  }
  ASSERT_EQ(seen.size(), rows.size());
  for (const auto& [key, row] : rows) ExpectSame(seen.at(key), row);
}

TEST(TableRowsTest, EveryPartTogetherGivesEveryRowOnceAndEachIsFound) {
  std::mt19937_64 random(41);
  for (int round = 0; round < (kSanitized ? 10 : 60); ++round) {
    const size_t signals = 1 + random() % 3;
    const Rows rows = RandomRows(random, random() % 2000, signals);
    const auto table = TableOf(rows, signals, /*campaigns=*/true);
    for (const size_t parts : {size_t{1}, 2 + random() % 30, size_t{100'000}}) {
      ASSERT_NO_FATAL_FAILURE(ExpectVisitsAll(*table, rows, parts));
    }
    ItemRow found;
    for (const auto& [key, row] : rows) {
      ASSERT_TRUE(table->FindRow(key, &found));
      ExpectSame(found, row);
    }
    for (int i = 0; i < 500; ++i) {
      const ItemKey key = RandomKey(random);
      ASSERT_EQ(table->FindRow(key, &found), rows.contains(key));
      ASSERT_EQ(found.contexts.empty(), !rows.contains(key));
    }
  }
}

TEST(TableRowsTest, RowsOfATableWithoutCampaignsNameNone) {
  Rows rows;
  const ItemKey key = TrackKey(1, 2);
  rows[key] = MakeRow(key, {{3, {7}}, {5, {-7}}});
  const auto table = TableOf(rows, 1, /*campaigns=*/false);
  ItemRow found;
  ASSERT_TRUE(table->FindRow(key, &found));
  ExpectSame(found, rows[key]);
}

TEST(TableRowsTest, AnInvalidKeyHasNoRow) {
  const ItemKey key = TrackKey(0, 0);
  const auto table = TableOf({{key, MakeRow(key, {{0, {1}}})}}, 1, /*campaigns=*/false);
  ItemRow found;
  EXPECT_FALSE(table->FindRow({{0, 0}, ItemKind::kInvalid}, &found));
  EXPECT_TRUE(found.contexts.empty());
}

}  // namespace
}  // namespace oasis::testing
