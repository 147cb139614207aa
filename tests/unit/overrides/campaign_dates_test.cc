// Campaigns run from their start to before their end.
#include "unit/overrides/rules_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::ElementsAre;

using CampaignDatesTest = RulesFixture;

TEST_F(CampaignDatesTest, ACampaignRunsFromItsStartToBeforeItsEnd) {
  campaigns_[0].starts_at = kNow;
  campaigns_[1].ends_at = kNow;
  Build();
  Ask({0}, "radio", "SE", kNow - absl::Seconds(1));
  EXPECT_EQ(Statuses(), "FEFFN");
  EXPECT_THAT(Rounded(), ElementsAre(.1F, 0.F, .3F, .4F, 0.F));
  Ask({0}, "radio", "SE", kNow);
  EXPECT_EQ(Statuses(), "FFEFN");
  EXPECT_EQ(changed_, 1);
}

TEST_F(CampaignDatesTest, NoSetBringsAnExpiredCampaignBack) {
  campaigns_[0].ends_at = kNow - absl::Hours(1);
  Build();
  Set(.5F).item_uri = Uri(1);
  Set(.5F).licensor = "acme";
  Ask();
  EXPECT_EQ(Statuses(), "FEFFN");
  EXPECT_THAT(Rounded(), ElementsAre(.1F, 0.F, .5F, .4F, 0.F));
  Suppress().campaign = "ours";
  Ask();
  EXPECT_EQ(Statuses(), "FSFFN");
}

TEST_F(CampaignDatesTest, OnlyCampaignsThatEndSoonNeedALook) {
  campaigns_[1].ends_at = kNow + absl::Hours(2);
  Build();
  const auto rules = TableRules::Create(*table_, {}, kNow);
  EXPECT_FALSE(rules->ScopeOf("radio", "SE", kNow).any());
  const auto soon = TableRules::Create(*table_, {}, kNow + absl::Minutes(90), rules.get());
  const TableRules::Scope scope = soon->ScopeOf("radio", "SE", kNow + absl::Minutes(90));
  EXPECT_TRUE(scope.campaigns);
  ASSERT_NE(scope.rows, nullptr);
  const auto again = TableRules::Create(*table_, {}, kNow + absl::Minutes(91), soon.get());
  EXPECT_EQ(again->ScopeOf("radio", "SE", kNow + absl::Minutes(91)).rows, scope.rows);
  // Where the rules are too old, or the clock went back, all rows are looked at.
  for (const absl::Duration away : {-absl::Seconds(1), TableRules::kFastFor}) {
    const TableRules::Scope slow = soon->ScopeOf("radio", "SE", kNow + absl::Minutes(90) + away);
    EXPECT_EQ(slow.rows, nullptr) << away;
    EXPECT_EQ(slow.campaigns, away > absl::Hours(0)) << away;
  }
}

}  // namespace
}  // namespace oasis::testing
