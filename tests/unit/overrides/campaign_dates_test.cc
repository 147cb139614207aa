// Campaigns run from their start to before their end.
#include <random>
#include <string>
#include <vector>

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

// Rules at their fastest look only at rows of campaigns that do not run all the while, and for
// listed items only among those; Ask compares them with rules that look at all.
TEST_F(CampaignDatesTest, DatesAndOverridesMeanTheSameToRulesAtTheirFastestAndToSlowOnes) {
  std::mt19937_64 random(20261123);
  const auto pick = [&random](const auto& values) { return values[random() % values.size()]; };
  const std::vector<absl::Time> times = {absl::InfinitePast(),     kNow - absl::Hours(2),
                                         kNow - absl::Minutes(30), kNow,
                                         kNow + absl::Seconds(1),  kNow + absl::Minutes(30),
                                         kNow + absl::Hours(2),    absl::InfiniteFuture()};
  const std::vector<OverrideAction> actions = {OverrideAction::kSuppress, OverrideAction::kSuppress,
                                               OverrideAction::kCap, OverrideAction::kSet};
  const std::vector<std::string> markets = {"", "", "SE", "NO"};
  const std::vector<absl::Time> ends = {kNow, kNow + absl::Seconds(1), kNow + absl::Hours(1)};
  std::string seen;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    signals_ = {{"promotion", 32.767F}};  // rows in their slots
    if (round % 2 == 0) signals_.push_back({"second", 32.767F});
    for (Campaign& campaign : campaigns_) {
      const size_t starts = random() % (times.size() - 1);
      campaign.starts_at = times[starts];
      campaign.ends_at = times[starts + 1 + random() % (times.size() - 1 - starts)];
    }
    ASSERT_NO_FATAL_FAILURE(Build());
    overrides_.clear();
    for (uint64_t left = random() % 5; left > 0; --left) {
      Override& override = Add(pick(actions), .15F);
      switch (random() % 3) {
        case 0:
          override.item_uri = Uri(static_cast<int>(random() % 5));
          break;
        case 1:
          override.campaign = pick(campaigns_).name;
          break;
        default:
          override.licensor = pick(campaigns_).licensor;
      }
      override.market = pick(markets);
      override.expires = pick(ends);
    }
    Ask();
    if (HasFailure()) return;
    seen += Statuses();
  }
  for (const char status : {'N', 'F', 'S', 'E'}) EXPECT_NE(seen.find(status), seen.npos);
}

}  // namespace
}  // namespace oasis::testing
