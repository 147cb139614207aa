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

}  // namespace
}  // namespace oasis::testing
