// Small tables, written as rows.
#ifndef OASIS_TESTS_SUPPORT_TABLE_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_TABLE_SUPPORT_H_

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "oasis/context.h"
#include "oasis/gid.h"
#include "oasis/table.h"
#include "support/test_support.h"

namespace oasis::testing {

struct TestRow {
  ItemKey item;
  Context context;
  std::vector<float> scores;  // one a signal
  CampaignId campaign = kNoCampaign;
};

struct TestTable {
  TableInfo info = {"discovery-mode", "control", "snapshot-1", absl::FromUnixSeconds(1'000'000)};
  std::vector<Signal> signals = {{"promotion", 1.0F}};
  std::vector<Campaign> campaigns = {};
  std::vector<TestRow> rows = {};
};

// Contexts get their ids in the order in which the rows name them.
inline std::shared_ptr<const Table> BuildTable(const TestTable& spec) {
  std::vector<Context> contexts;
  std::map<ItemKey, std::map<ContextId, const TestRow*>> items;
  for (const TestRow& row : spec.rows) {
    auto at = std::find(contexts.begin(), contexts.end(), row.context);
    if (at == contexts.end()) at = contexts.insert(at, row.context);
    items[row.item][static_cast<ContextId>(at - contexts.begin())] = &row;
  }
  TableBuilder::Options options;
  options.info = spec.info;
  options.signals = spec.signals;
  options.contexts = contexts;
  options.campaigns = spec.campaigns;
  options.items = static_cast<int64_t>(items.size());
  options.huge_pages = false;
  absl::StatusOr<TableBuilder> builder = TableBuilder::Create(std::move(options));
  EXPECT_TRUE(builder.ok()) << builder.status();
  for (const auto& [key, cells] : items) {
    ItemRow row;
    row.key = key;
    for (const auto& [context, cell] : cells) {
      row.contexts.push_back(context);
      row.campaigns.push_back(cell->campaign);
      for (size_t i = 0; i < spec.signals.size(); ++i) {
        row.scores.push_back(Quantise(cell->scores[i], spec.signals[i]));
      }
    }
    const absl::Status added = builder->Add(row);
    EXPECT_TRUE(added.ok()) << added;
  }
  absl::StatusOr<std::shared_ptr<const Table>> table = builder->Build();
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

// Tracks TrackKey(1, 0) to TrackKey(1, items - 1), all with `score` on the surface radio.
inline std::shared_ptr<const Table> BuildConstantTable(TableInfo info, int items, float score) {
  TestTable spec;
  spec.info = std::move(info);
  for (int i = 0; i < items; ++i) {
    spec.rows.push_back({TrackKey(1, static_cast<uint64_t>(i)), {"radio", "*", "*"}, {score}});
  }
  return BuildTable(spec);
}

// The 16 bytes of each key, one after another.
inline std::string Gids(const std::vector<ItemKey>& keys) {
  std::string bytes(keys.size() * kGidBytes, '\0');
  for (size_t i = 0; i < keys.size(); ++i) GidToBytes(keys[i].gid, &bytes[i * kGidBytes]);
  return bytes;
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_TABLE_SUPPORT_H_
