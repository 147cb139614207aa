#include "oasis/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::CellSpec;
using ::oasis::testing::IsOk;
using ::oasis::testing::MakeRow;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TrackKey;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TableBuilder::Options SmallOptions(int64_t items) {
  TableBuilder::Options options;
  options.info = {"discovery-mode", "control", "one", absl::UnixEpoch()};
  options.signals = {{"promotion", 2.0F}};
  options.contexts = {{"radio", "*", "*"},    {"radio", "*", "new"}, {"radio", "SE", "*"},
                      {"radio", "SE", "new"}, {"mix", "*", "*"},     {"mix", "SE", "*"}};
  options.campaigns = {{"spring", "licensor-a"}, {"autumn", "licensor-b"}};
  options.items = items;
  return options;
}

std::shared_ptr<const Table> BuildTable(TableBuilder::Options options,
                                        const std::vector<ItemRow>& rows) {
  options.items = static_cast<int64_t>(rows.size());
  absl::StatusOr<TableBuilder> builder = TableBuilder::Create(std::move(options));
  EXPECT_THAT(builder, IsOk());
  for (const ItemRow& row : rows) EXPECT_THAT(builder->Add(row), IsOk());
  absl::StatusOr<std::shared_ptr<const Table>> table = builder->Build();
  EXPECT_THAT(table, IsOk());
  return *std::move(table);
}

struct Answer {
  ItemStatus status;
  float score;
};
Answer Ask(const Table& table, const ItemKey& key, const FallbackChain& chain, int signal = 0) {
  float score = -99;
  int status = -99;
  table.Lookup({key}, chain, {signal}, absl::MakeSpan(&score, 1), absl::MakeSpan(&status, 1));
  return {static_cast<ItemStatus>(status), score};
}

TEST(TableTest, AnswersFromTheMostSpecificRow) {
  const ItemKey key = TrackKey(1, 2);
  for (int cells = 1; cells <= 4; ++cells) {
    std::vector<CellSpec> row;
    for (int c = 0; c < cells; ++c) {
      row.push_back({static_cast<ContextId>(c), {static_cast<int16_t>(100 + c)}});
    }
    const auto table = BuildTable(SmallOptions(1), {MakeRow(key, row)});
    const Answer answer = Ask(*table, key, table->contexts().Resolve("radio", "SE", "new"));
    EXPECT_EQ(answer.status, ItemStatus::kFound);
    // Contexts are in order of rising specificity but for 1 (cohort) and 2 (market): market wins.
    EXPECT_FLOAT_EQ(answer.score, static_cast<float>(99 + cells) * 2.0F / 32767);
  }
}

TEST(TableTest, TheMarketComesBeforeTheCohort) {
  const ItemKey key = TrackKey(1, 2);
  const auto table = BuildTable(SmallOptions(1), {MakeRow(key, {{1, {10}}, {2, {20}}})});
  const Explanation why = table->Explain(key, table->contexts().Resolve("radio", "SE", "new"), 0);
  EXPECT_EQ(why.level, MatchLevel::kSurfaceMarket);
  EXPECT_EQ(why.context, 2);
  EXPECT_EQ(why.quantised, 20);
}

TEST(TableTest, AnItemWithoutARowInTheContextIsNotFound) {
  const ItemKey key = TrackKey(1, 2);
  const auto table = BuildTable(SmallOptions(1), {MakeRow(key, {{5, {10}}})});
  const Answer answer = Ask(*table, key, table->contexts().Resolve("radio", "SE", "new"));
  EXPECT_EQ(answer.status, ItemStatus::kNotFound);
  EXPECT_EQ(answer.score, 0.0F);
}

TEST(TableTest, AnInvalidKeyIsToldApartFromAMissingOne) {
  const auto table = BuildTable(SmallOptions(1), {MakeRow(TrackKey(0, 0), {{0, {10}}})});
  const FallbackChain chain = table->contexts().Resolve("radio", "", "");
  EXPECT_EQ(Ask(*table, {{0, 0}, ItemKind::kInvalid}, chain).status, ItemStatus::kInvalidId);
  EXPECT_EQ(Ask(*table, TrackKey(0, 1), chain).status, ItemStatus::kNotFound);
  EXPECT_EQ(Ask(*table, TrackKey(0, 0), chain).status, ItemStatus::kFound);
}

TEST(TableTest, ATrackAndAnotherItemWithTheSameBitsAreTwoItems) {
  const Gid gid = {7, 8};
  const auto table = BuildTable(SmallOptions(2), {MakeRow({gid, ItemKind::kTrack}, {{0, {1}}}),
                                                  MakeRow({gid, ItemKind::kOther}, {{0, {2}}})});
  const FallbackChain chain = table->contexts().Resolve("radio", "", "");
  EXPECT_EQ(table->Explain({gid, ItemKind::kTrack}, chain, 0).quantised, 1);
  EXPECT_EQ(table->Explain({gid, ItemKind::kOther}, chain, 0).quantised, 2);
}

TEST(TableTest, AnEmptyTableFindsNothing) {
  const auto table = BuildTable(SmallOptions(0), {});
  const FallbackChain chain = table->contexts().Resolve("radio", "SE", "new");
  EXPECT_EQ(Ask(*table, TrackKey(0, 0), chain).status, ItemStatus::kNotFound);
  EXPECT_EQ(Ask(*table, {{0, 0}, ItemKind::kOther}, chain).status, ItemStatus::kNotFound);
}

TEST(TableTest, MoreThanFourContextsAreAnsweredToo) {
  const ItemKey key = TrackKey(3, 4);
  std::vector<CellSpec> cells;
  for (ContextId c = 0; c < 6; ++c) cells.push_back({c, {static_cast<int16_t>(-c - 1)}, c % 2U});
  const auto table = BuildTable(SmallOptions(1), {MakeRow(key, cells)});
  for (ContextId c = 0; c < 6; ++c) {
    const Context& context = table->contexts().contexts()[c];
    const FallbackChain chain =
        table->contexts().Resolve(context.surface, context.market, context.cohort);
    const Explanation why = table->Explain(key, chain, 0);
    EXPECT_EQ(why.context, c);
    EXPECT_EQ(why.quantised, -c - 1);
    EXPECT_EQ(why.campaign, CampaignId{c} % 2);
    EXPECT_FLOAT_EQ(Ask(*table, key, chain).score, Dequantise(why.quantised, {"promotion", 2.0F}));
  }
}

TEST(TableTest, SeveralSignalsAreAnsweredItemMajorInTheOrderAsked) {
  TableBuilder::Options options = SmallOptions(2);
  options.signals = {{"promotion", 1.0F}, {"reward", 10.0F}, {"risk", 100.0F}};
  const auto table =
      BuildTable(options, {MakeRow(TrackKey(1, 1), {{0, {1, 2, 3}}}),
                           MakeRow(TrackKey(2, 2), {{0, {4, 5, 6}}, {2, {7, 8, 9}}})});
  EXPECT_EQ(table->FindSignal("risk"), 2);
  EXPECT_EQ(table->FindSignal("nope"), std::nullopt);
  std::vector<float> scores(6, -1);
  std::vector<int> statuses(3, -1);
  table->Lookup({TrackKey(2, 2), TrackKey(9, 9), TrackKey(1, 1)},
                table->contexts().Resolve("radio", "SE", ""), {2, 0}, absl::MakeSpan(scores),
                absl::MakeSpan(statuses));
  EXPECT_EQ(statuses, (std::vector<int>{1, 0, 1}));
  const std::vector<float> expected = {900 / 32767.0F, 7 / 32767.0F, 0, 0,
                                       300 / 32767.0F, 1 / 32767.0F};
  for (size_t i = 0; i < scores.size(); ++i) EXPECT_FLOAT_EQ(scores[i], expected[i]) << i;
}

TEST(TableTest, TellsWhichCampaignPaysForEachCell) {
  const ItemKey mixed = TrackKey(1, 1);
  const ItemKey same = TrackKey(1, 2);
  const ItemKey none = TrackKey(1, 3);
  const auto table = BuildTable(
      SmallOptions(3), {MakeRow(mixed, {{0, {1}, 1}, {2, {2}}, {4, {3}, 0}}),
                        MakeRow(same, {{0, {1}, 1}, {4, {2}, 1}}), MakeRow(none, {{0, {1}}})});
  const FallbackChain radio = table->contexts().Resolve("radio", "", "");
  const FallbackChain sweden = table->contexts().Resolve("radio", "SE", "");
  const FallbackChain mix = table->contexts().Resolve("mix", "", "");
  EXPECT_EQ(table->Explain(mixed, radio, 0).campaign, 1U);
  EXPECT_EQ(table->Explain(mixed, sweden, 0).campaign, kNoCampaign);
  EXPECT_EQ(table->Explain(mixed, mix, 0).campaign, 0U);
  EXPECT_EQ(table->Explain(same, mix, 0).campaign, 1U);
  EXPECT_EQ(table->Explain(none, radio, 0).campaign, kNoCampaign);
}

TEST(TableTest, CampaignNumbersBeyondTwoBytesAreKept) {
  TableBuilder::Options options = SmallOptions(2);
  options.campaigns.Own().assign(70'000, Campaign{});
  const auto table =
      BuildTable(options, {MakeRow(TrackKey(1, 1), {{0, {1}, 69'999}}),
                           MakeRow(TrackKey(1, 2), {{0, {1}, 5}, {4, {1}, 65'535}})});
  const FallbackChain radio = table->contexts().Resolve("radio", "", "");
  const FallbackChain mix = table->contexts().Resolve("mix", "", "");
  EXPECT_EQ(table->Explain(TrackKey(1, 1), radio, 0).campaign, 69'999U);
  EXPECT_EQ(table->Explain(TrackKey(1, 2), radio, 0).campaign, 5U);
  EXPECT_EQ(table->Explain(TrackKey(1, 2), mix, 0).campaign, 65'535U);
}

TEST(TableTest, MixesOfCampaignsWidenTheColumnWhenTheyMust) {
  TableBuilder::Options options = SmallOptions(0);
  options.campaigns.Own().assign(65'000, Campaign{});
  std::vector<ItemRow> rows;
  for (uint32_t i = 0; i < 1'000; ++i) {
    rows.push_back(MakeRow(TrackKey(1, i), {{0, {1}, i}, {4, {1}, i + 1}}));
  }
  const auto table = BuildTable(options, rows);
  const FallbackChain radio = table->contexts().Resolve("radio", "", "");
  const FallbackChain mix = table->contexts().Resolve("mix", "", "");
  for (uint32_t i = 0; i < 1'000; ++i) {
    ASSERT_EQ(table->Explain(TrackKey(1, i), radio, 0).campaign, i);
    ASSERT_EQ(table->Explain(TrackKey(1, i), mix, 0).campaign, i + 1);
  }
}

TEST(TableBuilderTest, RefusesMoreItemsThanAnyTableHolds) {
  for (const int64_t items : {int64_t{-1}, kMaxItems + 1, int64_t{221'000'000'000'000'000}}) {
    EXPECT_THAT(TableBuilder::Create(SmallOptions(items)),
                StatusIs(kInvalid, HasSubstr("a table can hold 0 to 4000000000")));
  }
}

TEST(TableBuilderTest, RefusesRowsThatBreakTheRules) {
  const ItemKey key = TrackKey(1, 1);
  ItemRow short_row = MakeRow(key, {{0, {1}}});
  short_row.campaigns.clear();
  const struct {
    ItemRow row;
    const char* reason;
  } cases[] = {
      {MakeRow(key, {}), "no cells"},
      {MakeRow({{1, 1}, ItemKind::kInvalid}, {{0, {1}}}), "of no kind"},
      {MakeRow(key, {{6, {1}}}), "context 6 is not one of the 6"},
      {MakeRow(key, {{1, {1}}, {1, {1}}}), "do not ascend"},
      {MakeRow(key, {{2, {1}}, {1, {1}}}), "do not ascend"},
      {MakeRow(key, {{0, {1, 2}}}), "2 scores of 1 signals"},
      {MakeRow(key, {{0, {1}, 2}}), "campaign 2 is not one of the 2"},
      {short_row, "0 campaigns"},
  };
  for (const auto& c : cases) {
    OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder builder, TableBuilder::Create(SmallOptions(1)));
    EXPECT_THAT(builder.Add(c.row), StatusIs(kInvalid, HasSubstr(c.reason)));
  }
}

TEST(TableBuilderTest, RefusesAnItemThatWasAddedBefore) {
  OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder builder, TableBuilder::Create(SmallOptions(2)));
  ASSERT_THAT(builder.Add(MakeRow(TrackKey(1, 1), {{0, {1}}})), IsOk());
  ASSERT_THAT(builder.Add(MakeRow(TrackKey(1, 1), {{2, {1}}})), IsOk());
  EXPECT_THAT(builder.Build(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(FormatKey(TrackKey(1, 1)))));
}

TEST(TableBuilderTest, HoldsTheCallerToTheNumberOfItemsAnnounced) {
  OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder few, TableBuilder::Create(SmallOptions(2)));
  ASSERT_THAT(few.Add(MakeRow(TrackKey(1, 1), {{0, {1}}})), IsOk());
  EXPECT_THAT(few.Build(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("only 1 of")));

  OASIS_ASSERT_OK_AND_ASSIGN(TableBuilder many, TableBuilder::Create(SmallOptions(1)));
  ASSERT_THAT(many.Add(MakeRow(TrackKey(1, 1), {{0, {1}}})), IsOk());
  EXPECT_THAT(many.Add(MakeRow(TrackKey(1, 2), {{0, {1}}})),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("more than the 1")));
}

TEST(TableBuilderTest, RefusesSignalsItCannotKeep) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (float scale : {0.0F, -1.0F, nan, infinity}) {
    TableBuilder::Options options = SmallOptions(1);
    options.signals = {{"promotion", scale}};
    EXPECT_THAT(TableBuilder::Create(options), StatusIs(kInvalid, HasSubstr("scale"))) << scale;
  }
  TableBuilder::Options options = SmallOptions(1);
  options.signals = {};
  EXPECT_THAT(TableBuilder::Create(options), StatusIs(kInvalid, HasSubstr("1 to 32 signals")));
  options.signals = {{"promotion", 1}, {"promotion", 1}};
  EXPECT_THAT(TableBuilder::Create(options), StatusIs(kInvalid, HasSubstr("stands twice")));
}

TEST(QuantiseTest, ErrsByHalfAStepAtMostAndClips) {
  const Signal signal = {"promotion", 3.7F};
  for (int i = -10'000; i <= 10'000; ++i) {
    const float score = 3.7F * static_cast<float>(i) / 10'000;
    const float kept = Dequantise(Quantise(score, signal), signal);
    ASSERT_LE(std::abs(kept - score), 3.7F / 65534 * 1.001F) << score;
  }
  EXPECT_EQ(Quantise(3.7F, signal), 32767);
  EXPECT_EQ(Quantise(-3.7F, signal), -32767);
  EXPECT_EQ(Quantise(1e30F, signal), 32767);
  EXPECT_EQ(Quantise(-1e30F, signal), -32767);
  EXPECT_EQ(Quantise(0, signal), 0);
}

}  // namespace
}  // namespace oasis
