#include "guardrails/compare_tables.h"

#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/table_support.h"

namespace oasis::testing {
namespace {

constexpr double kBound = 0.4;

GuardrailRun RunOn(int threads) { return {.now = absl::UnixEpoch(), .threads = threads}; }

// Contexts come in another order in every table, and signals at other places.
TestTable RandomTable(std::mt19937_64& random) {
  TestTable table;
  table.signals = {{"promotion", 1.0F + static_cast<float>(random() % 3)}};
  if (random() % 2 == 0) table.signals.insert(table.signals.begin(), {"reward", 2.0F});
  std::map<std::pair<uint64_t, uint64_t>, bool> seen;
  const uint64_t rows = 1 + random() % 500;
  for (uint64_t i = 0; i < rows; ++i) {
    const uint64_t item = random() % 80;
    const uint64_t surface = random() % 9;
    if (!seen.emplace(std::pair(item, surface), true).second) continue;
    std::vector<float> scores;
    for (const Signal& signal : table.signals) {
      scores.push_back(signal.scale * (static_cast<float>(random() % 21) / 10 - 1));
    }
    table.rows.push_back({TrackKey(1, item), {"s" + std::to_string(surface), "*", "*"}, scores});
  }
  return table;
}

float PromotionOf(const TestTable& table, const TestRow& row) {
  const Signal& signal = table.signals.back();
  return Dequantise(Quantise(row.scores.back(), signal), signal);
}

Overlap ExpectedOverlap(const TestTable& candidate, const TestTable& live) {
  std::map<std::pair<ItemKey, Context>, float> live_rows;
  std::set<ItemKey> live_items;
  for (const TestRow& row : live.rows) {
    live_rows[{row.item, row.context}] = PromotionOf(live, row);
    live_items.insert(row.item);
  }
  Overlap overlap;
  std::set<ItemKey> items;
  for (const TestRow& row : candidate.rows) {
    if (live_items.contains(row.item)) items.insert(row.item);
    const auto found = live_rows.find({row.item, row.context});
    if (found == live_rows.end()) continue;
    ++overlap.rows;
    if (std::abs(PromotionOf(candidate, row) - found->second) >= kBound) ++overlap.moved_rows;
  }
  overlap.items = static_cast<int64_t>(items.size());
  return overlap;
}

TEST(CompareTablesTest, CountsWhatTwoMapsOfTheRowsHave) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 100; ++round) {
    const TestTable candidate = RandomTable(random);
    const TestTable live = RandomTable(random);
    const auto candidate_table = BuildTable(candidate);
    const auto live_table = BuildTable(live);
    const JointNumbers joint(*candidate_table, live_table.get(), absl::UnixEpoch());
    const auto counts =
        CompareTables(*candidate_table, live_table.get(), joint, kBound, RunOn(1 + round % 3));
    ASSERT_THAT(counts, IsOk());
    const Overlap expected = ExpectedOverlap(candidate, live);
    ASSERT_EQ(counts->overlap.items, expected.items);
    ASSERT_EQ(counts->overlap.rows, expected.rows);
    ASSERT_EQ(counts->overlap.moved_rows, expected.moved_rows);
    int64_t rows = 0;
    for (const int64_t on_surface : counts->live.SurfaceRows()) rows += on_surface;
    ASSERT_EQ(rows, live_table->cells());
  }
}

TEST(CompareTablesTest, CountsScoresAndFindsTheTop) {
  TestTable table;
  table.signals = {{"promotion", 2.0F}};
  const Context radio = {"radio", "*", "*"};
  table.rows = {{TrackKey(1, 1), radio, {0.0F}},
                {TrackKey(1, 2), radio, {2.0F}},
                {TrackKey(1, 2), {"mix", "*", "*"}, {-2.0F}},
                {TrackKey(1, 3), radio, {1.0F}}};
  const auto built = BuildTable(table);
  const JointNumbers joint(*built, nullptr, absl::UnixEpoch());
  const auto counts = CompareTables(*built, nullptr, joint, kBound, RunOn(1));
  ASSERT_THAT(counts, IsOk());
  const Tally& tally = counts->candidate;
  const size_t mix = joint.surfaces()[0] == "mix" ? 0 : 1;
  EXPECT_EQ(tally.ScoresOf(1 - mix, 0).rows, 3);
  EXPECT_EQ(tally.ScoresOf(1 - mix, 0).zeros, 1);
  EXPECT_EQ(tally.Histogram(mix, 0).front(), 1);
  EXPECT_EQ(tally.Histogram(1 - mix, 0).back(), 1);
  EXPECT_EQ(tally.Histogram(1 - mix, 0)[kGuardrailHistogramHalf], 1);
  EXPECT_EQ(tally.largest(0), kQuantisedMax);
  const std::vector<TopItem> top = tally.top().Sorted();
  ASSERT_EQ(top.size(), 3);
  EXPECT_EQ(top[0].key, TrackKey(1, 2));
  EXPECT_EQ(top[2].key, TrackKey(1, 1));
}

// Enough items for several parts.
std::shared_ptr<const Table> LargeTable(int shift) {
  TableBuilder::Options options;
  options.signals = {{"promotion", 1.0F}};
  options.contexts = {{"radio", "*", "*"}};
  options.items = 3 * kGuardrailItemsPerPart;
  auto builder = TableBuilder::Create(options);
  EXPECT_THAT(builder, IsOk());
  for (int64_t i = 0; i < options.items; ++i) {
    const auto item = static_cast<uint64_t>(i + shift);
    const auto score = static_cast<int16_t>(item * 2'654'435'761 % 1000);
    EXPECT_THAT(builder->Add(MakeRow(TrackKey(item * 77, item), {{0, {score}}})), IsOk());
  }
  return *builder->Build();
}

TEST(CompareTablesTest, TheNumberOfThreadsDoesNotMatter) {
  const auto candidate = LargeTable(1000);
  const auto live = LargeTable(0);
  const auto report = [&](int threads) {
    auto made = CheckGuardrails(*candidate, live.get(), GuardrailPolicy(), RunOn(threads));
    EXPECT_THAT(made, IsOk());
    return GuardrailJson(*made);
  };
  const std::string alone = report(1);
  EXPECT_EQ(report(2), alone);
  EXPECT_EQ(report(4), alone);
}

TEST(CompareTablesTest, TellsEveryPartAndStopsWhenToldTo) {
  const auto table = LargeTable(0);
  GuardrailRun run = RunOn(2);
  int64_t calls = 0;
  int64_t parts = 0;
  run.progress = [&](int64_t done, int64_t total) {
    EXPECT_EQ(done, ++calls);
    parts = total;
    return absl::OkStatus();
  };
  EXPECT_THAT(CheckGuardrails(*table, table.get(), GuardrailPolicy(), run), IsOk());
  EXPECT_EQ(calls, parts);
  EXPECT_GE(parts, 6);
  run.progress = [](int64_t, int64_t) { return absl::CancelledError("enough"); };
  EXPECT_EQ(CheckGuardrails(*table, table.get(), GuardrailPolicy(), run).status(),
            absl::CancelledError("enough"));
}

TEST(CompareTablesTest, SurfacesBeyondTheHistogramsShareTheLast) {
  TestTable table;
  const int surfaces = static_cast<int>(kMaxGuardrailHistograms) + 10;
  for (int i = 0; i < surfaces; ++i) {
    table.rows.push_back({TrackKey(1, 1), {"s" + std::to_string(i), "*", "*"}, {0.5F}});
  }
  const auto built = BuildTable(table);
  const JointNumbers joint(*built, built.get(), absl::UnixEpoch());
  EXPECT_EQ(joint.slices(), kMaxGuardrailHistograms);
  const auto counts = CompareTables(*built, built.get(), joint, kBound, RunOn(1));
  ASSERT_THAT(counts, IsOk());
  EXPECT_EQ(counts->candidate.ScoresOf(joint.slices() - 1, 0).rows, 11);
  EXPECT_EQ(joint.SliceName(joint.slices() - 1), "s1023 and 10 others");
  EXPECT_EQ(joint.SliceName(0), "s0");
}

}  // namespace
}  // namespace oasis::testing
