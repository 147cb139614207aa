#include <limits>

#include "oasis/limits.h"
#include "oasis/overrides.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Override Valid() {
  Override override;
  override.id = "dispute-12";
  override.licensor = "Acme Records, Inc.";
  override.author = "alice";
  override.reason = "rights dispute";
  override.created = absl::FromUnixSeconds(1'000'000);
  override.expires = override.created + absl::Hours(48);
  return override;
}

TEST(OverrideTest, TakesOneOfEachKind) {
  EXPECT_THAT(ValidateOverride(Valid()), IsOk());
  Override cap = Valid();
  cap.licensor = "";
  cap.item_uri = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";
  cap.action = OverrideAction::kCap;
  cap.score = 0.25F;
  cap.signal = "promotion";
  cap.score_set = "discovery-mode";
  cap.surface = "radio";
  cap.market = "SE";
  EXPECT_THAT(ValidateOverride(cap), IsOk());
  Override set = Valid();
  set.licensor = "";
  set.campaign = "c1";
  set.action = OverrideAction::kSet;
  set.score = -1;
  EXPECT_THAT(ValidateOverride(set), IsOk());
}

TEST(OverrideTest, IsAboutOneThing) {
  Override none = Valid();
  none.licensor = "";
  EXPECT_THAT(ValidateOverride(none), StatusIs(kInvalid, HasSubstr("0 are given")));
  Override two = Valid();
  two.campaign = "c1";
  EXPECT_THAT(ValidateOverride(two), StatusIs(kInvalid, HasSubstr("2 are given")));
}

TEST(OverrideTest, RefusesWhatIsNoItemNameOrMarket) {
  Override override = Valid();
  override.id = "a/b";
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("id 'a/b'")));
  override = Valid();
  override.licensor = "";
  override.item_uri = "spotify:track:short";
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("item_uri: ")));
  override = Valid();
  override.market = "*";
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("market '*'")));
  override = Valid();
  override.surface = "*";
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("surface '*'")));
  override = Valid();
  override.licensor = std::string(kMaxCampaignNameBytes + 1, 'x');
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("licensor has 257 bytes")));
}

TEST(OverrideTest, RefusesANameThatNoSnapshotCouldHave) {
  for (const char* name : {"a\tb\nc", "\x7f", "  "}) {
    Override override = Valid();
    override.licensor = name;
    EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("licensor '")));
    override.campaign = name;
    override.licensor = "";
    EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("campaign '")));
  }
  Override odd = Valid();
  odd.licensor = " Björk & söner ";
  EXPECT_THAT(ValidateOverride(odd), IsOk());
}

TEST(OverrideTest, RefusesAScoreThatIsNoneOrHasNoUse) {
  Override override = Valid();
  override.score = 0.5F;
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("suppress takes all")));
  override.action = OverrideAction::kSet;
  for (const float score : {std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN(), 2 * kMaxScale}) {
    override.score = score;
    EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("score is"))) << score;
  }
}

TEST(OverrideTest, MustSayWhoWhyAndUntilWhen) {
  Override override = Valid();
  override.author = "";
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("author is empty")));
  override = Valid();
  override.reason = "";
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("reason is empty")));
  override = Valid();
  override.expires = override.created;
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("not after now")));
  override.expires = override.created + absl::Hours(24 * kMaxOverrideDays);
  EXPECT_THAT(ValidateOverride(override), IsOk());
  override.expires += absl::Seconds(1);
  EXPECT_THAT(ValidateOverride(override), StatusIs(kInvalid, HasSubstr("at most 90 days")));
}

TEST(OverrideTest, ActionsHaveNames) {
  for (const auto action :
       {OverrideAction::kSuppress, OverrideAction::kCap, OverrideAction::kSet}) {
    EXPECT_EQ(ParseOverrideAction(OverrideActionName(action)), action);
  }
  EXPECT_EQ(ParseOverrideAction("stop"), std::nullopt);
}

}  // namespace
}  // namespace oasis
