#include "overrides/table_rules.h"

#include <sys/resource.h>

#include <string>
#include <vector>

#include "support/sanitized.h"
#include "unit/overrides/rules_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using TableRulesTest = RulesFixture;

TEST_F(TableRulesTest, WithoutOverridesNothingIsLookedAt) {
  Ask();
  EXPECT_FALSE(any_);
  EXPECT_EQ(Statuses(), "FFFFN");
  EXPECT_THAT(Rounded(), ElementsAre(.1F, .2F, .3F, .4F, 0.F));
}

TEST_F(TableRulesTest, SuppressesAnItem) {
  Suppress().item_uri = Uri(2);
  Ask();
  EXPECT_EQ(Statuses(), "FFSFN");
  EXPECT_THAT(Rounded(), ElementsAre(.1F, .2F, 0.F, .4F, 0.F));
  EXPECT_EQ(changed_, 1);
}

TEST_F(TableRulesTest, SuppressesACampaignAndALicensor) {
  Suppress().campaign = "other";
  Ask();
  EXPECT_EQ(Statuses(), "FFFSN");
  Suppress().licensor = "acme";
  Ask();
  EXPECT_EQ(Statuses(), "FSSSN");
  EXPECT_EQ(changed_, 3);
}

// Which rows an override is of is only noted to be quicker.
TEST_F(TableRulesTest, SuppressesWithoutMemoryForWhichRowsAreMeant) {
  if (kSanitized) GTEST_SKIP() << "sanitizers map memory of their own";
  Suppress().licensor = "acme";
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  const auto with_memory = TableRules::Create(*table_, overrides_, kNow);
  Suppress().item_uri = Uri(3);
  const rlimit none = {0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_AS, &none), 0);
  const auto rows = table_->RowsOf({true, true, true});
  const auto rules = TableRules::Create(*table_, overrides_, kNow);
  const auto without_items = TableRules::Create(*table_, overrides_, kNow, with_memory.get());
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_EQ(rows, nullptr);
  EXPECT_EQ(without_items->ScopeOf("radio", "SE", kNow).rows,
            with_memory->ScopeOf("radio", "SE", kNow).rows);
  for (const auto& made : {rules, without_items}) {
    AskOf(*made, {0}, "radio", "SE", kNow);
    EXPECT_EQ(Statuses(), "FSSSN");
  }
  AskOf(*TableRules::Create(*table_, overrides_, kNow, rules.get()), {0}, "radio", "SE", kNow);
  EXPECT_EQ(Statuses(), "FSSSN");
}

TEST_F(TableRulesTest, SuppressTakesAllSignalsAway) {
  Suppress().item_uri = Uri(1);
  Ask({1, 0});
  EXPECT_EQ(Statuses(), "FSFFN");
  EXPECT_THAT(Rounded(), ElementsAre(-.1F, .1F, 0.F, 0.F, -.3F, .3F, -.4F, .4F, 0.F, 0.F));
}

TEST_F(TableRulesTest, WhatIsNotThereIsNotSuppressed) {
  Suppress().item_uri = Uri(4);
  Cap(-1).item_uri = Uri(4);
  Ask();
  EXPECT_EQ(Statuses(), "FFFFN");
  EXPECT_EQ(changed_, 0);
}

TEST_F(TableRulesTest, CapsOnlyWhatIsAbove) {
  Cap(.25F).licensor = "acme";
  Cap(.22F).campaign = "theirs";
  Ask();
  EXPECT_EQ(Statuses(), "FFFFN");
  EXPECT_THAT(Rounded(), ElementsAre(.1F, .2F, .22F, .4F, 0.F));
  EXPECT_EQ(changed_, 1);
}

TEST_F(TableRulesTest, SetsAScoreEvenWhereThereIsNone) {
  Set(.9F).item_uri = Uri(4);
  Set(-.5F).item_uri = Uri(0);
  Ask();
  EXPECT_EQ(Statuses(), "FFFFF");
  EXPECT_THAT(Rounded(), ElementsAre(-.5F, .2F, .3F, .4F, .9F));
  EXPECT_EQ(changed_, 2);
}

TEST_F(TableRulesTest, ASetOrCapIsOfOneSignal) {
  Override& set = Set(.7F);
  set.item_uri = Uri(4);
  set.signal = "second";
  Override& cap = Cap(-.35F);
  cap.licensor = "acme";
  cap.signal = "second";
  Override& unknown = Set(5);
  unknown.item_uri = Uri(0);
  unknown.signal = "third";
  Ask({0, 1});
  EXPECT_EQ(Statuses(), "FFFFF");
  EXPECT_THAT(Rounded(), ElementsAre(.1F, -.1F, .2F, -.35F, .3F, -.35F, .4F, -.4F, 0.F, .7F));
  Ask({0});
  EXPECT_EQ(Statuses(), "FFFFN");
}

TEST_F(TableRulesTest, TheSetOfTheItemBeatsThatOfItsCampaignBeatsThatOfItsLicensor) {
  Set(.6F).item_uri = Uri(1);
  Set(.7F).campaign = "ours";
  Set(.7F).campaign = "theirs";
  Set(.8F).licensor = "acme";
  Set(.8F).licensor = "zenith";
  Ask();
  EXPECT_THAT(Rounded(), ElementsAre(.1F, .6F, .7F, .8F, 0.F));
}

TEST_F(TableRulesTest, TheNarrowerSetThenTheNewerOneCounts) {
  Override& narrow = Set(.5F);
  narrow.item_uri = Uri(0);
  narrow.surface = "radio";
  narrow.market = "SE";
  Override& half = Set(.6F);
  half.item_uri = Uri(0);
  half.market = "SE";
  Set(.7F).item_uri = Uri(0);
  Set(.8F).item_uri = Uri(0);
  Ask({0}, "radio", "SE");
  EXPECT_EQ(Rounded()[0], .5F);
  Ask({0}, "mix", "SE");
  EXPECT_EQ(Rounded()[0], .6F);
  Ask({0}, "radio", "NO");
  EXPECT_EQ(Rounded()[0], .8F);
  Ask({0}, "radio", "");
  EXPECT_EQ(Rounded()[0], .8F);
}

TEST_F(TableRulesTest, ACapHoldsOnTopOfASetAndASuppressOnTopOfBoth) {
  Set(.9F).item_uri = Uri(1);
  Cap(.5F).licensor = "acme";
  Ask();
  EXPECT_EQ(Rounded()[1], .5F);
  Override& suppress = Suppress();
  suppress.campaign = "ours";
  suppress.market = "SE";
  Ask();
  EXPECT_EQ(Statuses(), "FSFFN");
  Ask({0}, "radio", "NO");
  EXPECT_EQ(Statuses(), "FFFFN");
}

TEST_F(TableRulesTest, EndsToTheSecond) {
  Suppress().item_uri = Uri(0);
  overrides_[0].expires = kNow;
  Ask({0}, "radio", "SE", kNow - absl::Milliseconds(1));
  EXPECT_EQ(Statuses(), "SFFFN");
  Ask({0}, "radio", "SE", kNow);
  EXPECT_EQ(Statuses(), "FFFFN");
  EXPECT_FALSE(any_);
}

TEST_F(TableRulesTest, IsOnlyForItsScoreSet) {
  Override& override = Suppress();
  override.licensor = "acme";
  override.score_set = "another";
  Ask();
  EXPECT_EQ(Statuses(), "FFFFN");
  override.score_set = "discovery-mode";
  Ask();
  EXPECT_EQ(Statuses(), "FSSFN");
}

TEST_F(TableRulesTest, ExplainNamesAllThatHoldTheStrongestFirst) {
  Set(.8F).licensor = "acme";
  Cap(.7F).campaign = "ours";
  Suppress().item_uri = Uri(1);
  Override& elsewhere = Suppress();
  elsewhere.item_uri = Uri(1);
  elsewhere.market = "NO";
  const auto rules = TableRules::Create(*table_, overrides_, kNow);
  const FallbackChain chain = table_->contexts().Resolve("radio", "SE", "");
  const TableRules::Ruling ruling = rules->Explain(rules->ScopeOf("radio", "SE", kNow), Key(1),
                                                   table_->Explain(Key(1), chain, 0), 0);
  EXPECT_EQ(ruling.status, ItemStatus::kSuppressed);
  std::vector<std::string> ids;
  for (const Override* override : ruling.overrides) ids.push_back(override->id);
  EXPECT_THAT(ids, ElementsAre("o3", "o2", "o1"));
  EXPECT_THAT(rules
                  ->Explain(rules->ScopeOf("radio", "SE", kNow), Key(3),
                            table_->Explain(Key(3), chain, 0), 0)
                  .overrides,
              IsEmpty());
}

TEST_F(TableRulesTest, FindsEachOfManyItems) {
  for (int i = 0; i < 3000; ++i)
    Suppress().item_uri = FormatTrackUri({99, static_cast<uint64_t>(i)});
  Suppress().item_uri = Uri(3);
  for (int i = 0; i < 3000; ++i)
    Suppress().item_uri = FormatTrackUri({98, static_cast<uint64_t>(i)});
  Ask();
  EXPECT_EQ(Statuses(), "FFFSN");
  EXPECT_EQ(changed_, 1);
}

}  // namespace
}  // namespace oasis::testing
