// The table against a std::map, over random and adversarial keys.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "oasis/table.h"
#include "score/lookup_kernel.h"
#include "score/table_layout.h"
#include "support/sanitized.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;

constexpr int kContexts = 12;  // three surfaces, each at the four levels

std::vector<Context> Contexts() {
  std::vector<Context> contexts;
  for (const char* surface : {"autoplay", "mix", "radio"}) {
    for (const char* market : {"*", "SE"}) {
      for (const char* cohort : {"*", "new"}) contexts.push_back({surface, market, cohort});
    }
  }
  return contexts;
}

struct Model {
  std::map<ItemKey, ItemRow> rows;
  std::vector<Signal> signals;

  // The row and place that answer, by the words of the contract.
  bool Find(const ItemKey& key, const FallbackChain& chain, size_t* cell) const {
    const auto found = rows.find(key);
    if (found == rows.end()) return false;
    const std::vector<ContextId>& contexts = found->second.contexts;
    for (const ContextId wanted : chain.contexts) {
      for (*cell = 0; *cell < contexts.size(); ++*cell) {
        if (contexts[*cell] == wanted) return true;
      }
    }
    return false;
  }
};

// Few distinct words make lines crowded and keys alike in one half.
Gid RandomGid(std::mt19937_64& random, uint64_t words) {
  const auto word = [&] {
    const uint64_t w = random() % words;
    return random() % 4 == 0 ? w << 56 : w;
  };
  return {word(), word()};
}

Model RandomModel(std::mt19937_64& random, size_t items, size_t signals, uint64_t words) {
  Model model;
  for (size_t s = 0; s < signals; ++s) {
    model.signals.push_back({"s" + std::to_string(s), 1.0F + static_cast<float>(s)});
  }
  for (size_t i = 0; i < items; ++i) {
    ItemRow row;
    row.key = {RandomGid(random, words), random() % 5 == 0 ? ItemKind::kOther : ItemKind::kTrack};
    const uint64_t density = 1 + random() % 4;
    for (ContextId c = 0; c < kContexts; ++c) {
      const bool last_chance = c == kContexts - 1 && row.contexts.empty();
      if (random() % (density * 2) != 0 && !last_chance) continue;
      row.contexts.push_back(c);
      row.campaigns.push_back(random() % 3 == 0 ? kNoCampaign : CampaignId{c});
      for (size_t s = 0; s < signals; ++s) {
        row.scores.push_back(static_cast<int16_t>(random() % 65535 - 32767));
      }
    }
    model.rows[row.key] = row;
  }
  return model;
}

std::shared_ptr<const Table> BuildTable(const Model& model) {
  TableBuilder::Options options;
  options.signals = model.signals;
  options.contexts = Contexts();
  options.campaigns.Own().assign(kContexts, Campaign{});
  options.items = static_cast<int64_t>(model.rows.size());
  absl::StatusOr<TableBuilder> builder = TableBuilder::Create(options);
  EXPECT_THAT(builder, IsOk());
  for (const auto& [key, row] : model.rows) EXPECT_THAT(builder->Add(row), IsOk());
  absl::StatusOr<std::shared_ptr<const Table>> table = builder->Build();
  EXPECT_THAT(table, IsOk());
  return *std::move(table);
}

// Present and absent keys, invalid ones, and repeats, in one batch.
std::vector<ItemKey> RandomBatch(std::mt19937_64& random, const Model& model, uint64_t words) {
  std::vector<ItemKey> present;
  for (const auto& [key, row] : model.rows) present.push_back(key);
  std::vector<ItemKey> batch(random() % 1500);
  for (ItemKey& key : batch) {
    switch (random() % 4) {
      case 0:
        key = {RandomGid(random, words), ItemKind::kTrack};
        break;
      case 1:
        key = {{random(), random()}, static_cast<ItemKind>(random() % 3)};
        break;
      default:
        if (!present.empty()) key = present[random() % present.size()];
        if (random() % 8 == 0) key.gid.lo ^= uint64_t{1} << (random() % 64);
    }
  }
  return batch;
}

// That `told` are some of `found`, and all of those that have to be.
void ExpectTold(const std::vector<CampaignOfKey>& told, const std::vector<CampaignOfKey>& found,
                absl::FunctionRef<bool(const CampaignOfKey&)> has_to) {
  size_t next = 0;
  for (const CampaignOfKey& of : found) {
    const bool is_there = next < told.size() && told[next] == of;
    ASSERT_TRUE(is_there || !has_to(of)) << of.key;
    next += static_cast<size_t>(is_there);
  }
  ASSERT_EQ(next, told.size());
}

void ExpectAnswers(const Model& model, const Table& table, const std::vector<ItemKey>& batch,
                   const FallbackChain& chain, const std::vector<int>& signals) {
  std::vector<float> scores(batch.size() * signals.size(), -99);
  std::vector<int> statuses(batch.size(), -99);
  table.Lookup(batch, chain, signals, absl::MakeSpan(scores), absl::MakeSpan(statuses));
  for (size_t i = 0; i < batch.size(); ++i) {
    size_t cell = 0;
    const bool found = model.Find(batch[i], chain, &cell);
    const ItemStatus expected = batch[i].kind == ItemKind::kInvalid ? ItemStatus::kInvalidId
                                : found                             ? ItemStatus::kFound
                                                                    : ItemStatus::kNotFound;
    ASSERT_EQ(statuses[i], static_cast<int>(expected)) << FormatKey(batch[i]);
    for (size_t j = 0; j < signals.size(); ++j) {
      const auto s = static_cast<size_t>(signals[j]);
      float score = 0;
      if (found) {
        const ItemRow& row = model.rows.at(batch[i]);
        const size_t at = cell * model.signals.size() + s;
        score = Dequantise(row.scores[at], model.signals[s]);
        const Explanation why = table.Explain(batch[i], chain, signals[j]);
        ASSERT_EQ(why.context, row.contexts[cell]);
        ASSERT_EQ(why.context, chain.contexts[static_cast<size_t>(why.level)]);
        ASSERT_EQ(why.quantised, row.scores[at]);
        ASSERT_EQ(why.campaign, row.campaigns[cell]);
      }
      ASSERT_EQ(scores[i * signals.size() + j], score);
    }
  }
  std::vector<float> same_scores(scores.size(), -98);
  std::vector<int> same_statuses(statuses.size(), -98);
  std::vector<CampaignOfKey> campaigns = {{99, 99}};
  table.Lookup(batch, chain, signals, absl::MakeSpan(same_scores), absl::MakeSpan(same_statuses),
               /*rows=*/nullptr, campaigns);
  ASSERT_EQ(same_scores, scores);
  ASSERT_EQ(same_statuses, statuses);
  std::vector<CampaignOfKey> expected_campaigns;
  for (size_t i = 0; i < batch.size(); ++i) {
    size_t cell = 0;
    if (!model.Find(batch[i], chain, &cell)) continue;
    const CampaignId campaign = model.rows.at(batch[i]).campaigns[cell];
    if (campaign != kNoCampaign) {
      expected_campaigns.push_back({static_cast<uint32_t>(i), campaign});
    }
  }
  ASSERT_EQ(campaigns, expected_campaigns);

  std::vector<bool> marks(table.campaigns().size());
  for (size_t c = 0; c < marks.size(); c += 3) marks[c] = true;
  const auto rows = table.RowsOf(marks);
  std::vector<CampaignOfKey> marked = {{99, 99}};
  table.Lookup(batch, chain, signals, absl::MakeSpan(same_scores), absl::MakeSpan(same_statuses),
               rows.get(), marked);
  ASSERT_EQ(same_scores, scores);
  ASSERT_EQ(same_statuses, statuses);
  std::vector<CampaignOfKey> found;  // with those of no campaign
  for (uint32_t i = 0; i < batch.size(); ++i) {
    if (statuses[i] != static_cast<int>(ItemStatus::kFound)) continue;
    found.push_back({i, table.Explain(batch[i], chain, signals[0]).campaign});
  }
  const auto is_marked = [&](const CampaignOfKey& of) {
    return of.campaign != kNoCampaign && marks[of.campaign];
  };
  ASSERT_NO_FATAL_FAILURE(ExpectTold(marked, rows == nullptr ? campaigns : found, is_marked));
  if (rows == nullptr) return;

  std::vector<ItemKey> items;
  for (size_t i = 0; i < batch.size(); i += 5) items.push_back(batch[i]);
  table.Lookup(batch, chain, signals, absl::MakeSpan(same_scores), absl::MakeSpan(same_statuses),
               table.RowsAndItems(*rows, items).get(), marked);
  ASSERT_EQ(same_scores, scores);
  ASSERT_EQ(same_statuses, statuses);
  ASSERT_NO_FATAL_FAILURE(ExpectTold(
      marked, found, [&](const CampaignOfKey& of) { return of.key % 5 == 0 || is_marked(of); }));
}

void ExpectSameAnswers(std::mt19937_64& random, const Model& model, const Table& table,
                       uint64_t words) {
  const std::vector<ItemKey> batch = RandomBatch(random, model, words);
  const FallbackChain chain = table.contexts().Resolve(
      std::vector<const char*>{"autoplay", "mix", "radio", "none"}[random() % 4],
      std::vector<const char*>{"", "SE", "NO"}[random() % 3],
      std::vector<const char*>{"", "new", "old"}[random() % 3]);
  std::vector<int> signals(1 + random() % 3);
  for (int& signal : signals) signal = static_cast<int>(random() % model.signals.size());

  for (const LookupKernel* kernel : LookupKernels()) {
    SCOPED_TRACE(kernel->name);
    UseKernel(*kernel);
    ASSERT_NO_FATAL_FAILURE(ExpectAnswers(model, table, batch, chain, signals));
  }
}

TEST(TablePropertyTest, AnswersAsAMapDoes) {
  std::mt19937_64 random(20261121);
  for (int round = 0; round < (testing::kSanitized ? 30 : 300); ++round) {
    const uint64_t words = uint64_t{1} << (1 + random() % 40);
    const size_t signals = random() % 3 == 0 ? 1 + random() % 4 : 1;
    const size_t items = random() % 10 == 0 ? 20'000 : random() % 300;
    const Model model = RandomModel(random, items, signals, words);
    const auto table = BuildTable(model);
    ASSERT_EQ(table->items(), static_cast<int64_t>(model.rows.size()));
    for (int batch = 0; batch < 4; ++batch) {
      ASSERT_NO_FATAL_FAILURE(ExpectSameAnswers(random, model, *table, words)) << "round " << round;
    }
  }
}

// Keys chosen so that the folded product is 0 for all: every one of them has the same home line.
TEST(TablePropertyTest, KeysThatAllHashAlikeAreOnlySlower) {
  std::mt19937_64 random(5);
  Model model;
  model.signals = {{"promotion", 1.0F}};
  for (uint64_t i = 0; i < 2'000; ++i) {
    ItemRow row = testing::MakeRow(testing::TrackKey(0x9E37'79B9'7F4A'7C15, i),
                                   {{0, {static_cast<int16_t>(i)}}});
    model.rows[row.key] = row;
  }
  const auto table = BuildTable(model);
  for (int batch = 0; batch < 20; ++batch) {
    ASSERT_NO_FATAL_FAILURE(ExpectSameAnswers(random, model, *table, 1 << 12));
  }
}

// Three times as many keys as there is room for in the block that is the home of all of them.
TEST(TablePropertyTest, KeysThatFillABlockAreFoundBeyondIt) {
  constexpr size_t kItems = 2'000;
  constexpr size_t kAlike = 3 * kLinesPerBlock * kSlotsPerLine;
  const uint64_t lines = 21 * kLinesPerBlock;  // of a table of so many items
  constexpr uint64_t kCampaignBytes = 4096;    // 4 bits a slot, for one of 12, in whole pages
  std::mt19937_64 random(7);
  Model model;
  model.signals = {{"promotion", 1.0F}};
  while (model.rows.size() < kItems) {
    const ItemKey key = testing::TrackKey(random(), random());
    const bool alike = Path(key.gid, lines).home / kLinesPerBlock == 3;
    if (!alike && model.rows.size() < kAlike) continue;
    ItemRow row = testing::MakeRow(key, {{0, {static_cast<int16_t>(model.rows.size())}}});
    row.campaigns = {static_cast<CampaignId>(model.rows.size() % kContexts)};
    model.rows[key] = row;
  }
  const auto table = BuildTable(model);
  ASSERT_EQ(table->resident_bytes(), static_cast<int64_t>(lines * sizeof(Line) + kCampaignBytes));
  for (int batch = 0; batch < 20; ++batch) {
    ASSERT_NO_FATAL_FAILURE(ExpectSameAnswers(random, model, *table, 1 << 12));
  }
}

}  // namespace
}  // namespace oasis
