#include "serving/explain_handler.h"

#include <string>

#include "support/table_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::BuildTable;
using ::oasis::testing::Gids;
using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TestTable;
using ::oasis::testing::TrackKey;
using ::testing::AllOf;
using ::testing::HasSubstr;

const absl::Time kCreated = absl::FromUnixSeconds(1'000'000);

class ExplainHandlerTest : public ::testing::Test {
 protected:
  ExplainHandlerTest() {
    TestTable table;
    table.info.created = kCreated;
    table.signals = {{"promotion", 2.0F}, {"reward", 1.0F}};
    table.campaigns = {{"spring", "Label A", kCreated, kCreated + absl::Hours(24)},
                       {"endless", "Label B", absl::InfinitePast(), absl::InfiniteFuture()}};
    table.rows = {{TrackKey(1, 0), {"radio", "SE", "new"}, {0.5F, 0.25F}, 0},
                  {TrackKey(1, 0), {"radio", "SE", "*"}, {0.4F, 0.0F}, 1},
                  {TrackKey(1, 0), {"radio", "*", "new"}, {0.3F, 0.0F}},
                  {TrackKey(1, 0), {"radio", "*", "*"}, {0.2F, 0.0F}},
                  {KeyOfUri("spotify:episode:1"), {"radio", "*", "*"}, {1.0F, 0.0F}}};
    EXPECT_THAT(tables_.Publish(BuildTable(table)), IsOk());
    request_.mutable_context()->set_surface("radio");
    request_.set_item_gid(Gids({TrackKey(1, 0)}));
  }
  absl::Status Explain() {
    absl::StatusOr<LiveTables::Reader> reader = tables_.NewReader();
    return HandleExplain(*reader->Acquire(), {}, kCreated + absl::Minutes(5), request_, &response_);
  }
  v1::MatchLevel Level(const std::string& market, const std::string& cohort) {
    request_.mutable_context()->set_market(market);
    request_.mutable_context()->set_cohort(cohort);
    EXPECT_THAT(Explain(), IsOk());
    return response_.match_level();
  }

  LiveTables tables_;
  v1::ExplainPromotionScoreRequest request_;
  v1::ExplainPromotionScoreResponse response_;
};

TEST_F(ExplainHandlerTest, TellsTheTermsOfTheSignalAndOfNoOther) {
  TestTable table;
  table.signals = {{"promotion", 2.0F},
                   {"promotion.value", 4.0F},
                   {"promotional.load", 1.0F},
                   {"promotion.load", 2.0F},
                   {"reward", 1.0F}};
  table.rows = {{TrackKey(1, 0), {"radio", "*", "*"}, {1.0F, 3.0F, 1.0F, -2.0F, 0.5F}}};
  EXPECT_THAT(tables_.Publish(BuildTable(table)), IsOk());
  ASSERT_THAT(Explain(), IsOk());
  ASSERT_EQ(response_.terms_size(), 2);
  EXPECT_EQ(response_.terms(0).name(), "value");
  EXPECT_NEAR(response_.terms(0).score(), 3.0F, 1e-3F);
  EXPECT_EQ(response_.terms(1).name(), "load");
  EXPECT_NEAR(response_.terms(1).score(), -2.0F, 1e-3F);
  request_.set_signal("reward");
  ASSERT_THAT(Explain(), IsOk());
  EXPECT_EQ(response_.terms_size(), 0);
  request_.set_item_gid(Gids({TrackKey(9, 9)}));
  request_.set_signal("");
  ASSERT_THAT(Explain(), IsOk());
  EXPECT_EQ(response_.terms_size(), 0);
}

TEST_F(ExplainHandlerTest, TellsTheRowTheScoreAndTheCampaign) {
  request_.mutable_context()->set_market("SE");
  request_.mutable_context()->set_cohort("new");
  ASSERT_THAT(Explain(), IsOk());
  EXPECT_EQ(response_.status(), v1::ITEM_STATUS_FOUND);
  EXPECT_EQ(response_.match_level(), v1::MATCH_LEVEL_SURFACE_MARKET_COHORT);
  EXPECT_EQ(response_.matched_context().surface(), "radio");
  EXPECT_EQ(response_.matched_context().market(), "SE");
  EXPECT_EQ(response_.matched_context().cohort(), "new");
  EXPECT_EQ(response_.quantised(), 8192);
  EXPECT_EQ(response_.scale(), 2.0F);
  EXPECT_EQ(response_.raw_score(), Dequantise(8192, {"promotion", 2.0F}));
  EXPECT_EQ(response_.score(), response_.raw_score());
  EXPECT_EQ(response_.campaign().name(), "spring");
  EXPECT_EQ(response_.campaign().licensor(), "Label A");
  EXPECT_EQ(response_.campaign().starts_at().seconds(), 1'000'000);
  EXPECT_EQ(response_.campaign().ends_at().seconds(), 1'086'400);
  EXPECT_EQ(response_.snapshot().id(), "snapshot-1");
  EXPECT_EQ(response_.snapshot().age().seconds(), 300);
  EXPECT_EQ(response_.variant(), "control");
  EXPECT_EQ(response_.item_uri(), FormatTrackUri(TrackKey(1, 0).gid));
}

TEST_F(ExplainHandlerTest, TellsTheLevelThatMatched) {
  EXPECT_EQ(Level("SE", "new"), v1::MATCH_LEVEL_SURFACE_MARKET_COHORT);
  EXPECT_EQ(Level("SE", "old"), v1::MATCH_LEVEL_SURFACE_MARKET);
  EXPECT_EQ(Level("NO", "new"), v1::MATCH_LEVEL_SURFACE_COHORT);
  EXPECT_EQ(Level("NO", "old"), v1::MATCH_LEVEL_SURFACE);
  EXPECT_EQ(response_.matched_context().market(), "*");
  EXPECT_EQ(response_.matched_context().cohort(), "*");
}

TEST_F(ExplainHandlerTest, LeavesOutTheDatesACampaignDoesNotHave) {
  EXPECT_EQ(Level("SE", ""), v1::MATCH_LEVEL_SURFACE_MARKET);
  EXPECT_EQ(response_.campaign().name(), "endless");
  EXPECT_FALSE(response_.campaign().has_starts_at());
  EXPECT_FALSE(response_.campaign().has_ends_at());
}

TEST_F(ExplainHandlerTest, LeavesOutTheCampaignOfARowWithout) {
  EXPECT_EQ(Level("", ""), v1::MATCH_LEVEL_SURFACE);
  EXPECT_FALSE(response_.has_campaign());
}

TEST_F(ExplainHandlerTest, TellsThatThereIsNoRow) {
  request_.mutable_context()->set_surface("autoplay");
  ASSERT_THAT(Explain(), IsOk());
  EXPECT_EQ(response_.status(), v1::ITEM_STATUS_NOT_FOUND);
  EXPECT_EQ(response_.match_level(), v1::MATCH_LEVEL_NONE);
  EXPECT_FALSE(response_.has_matched_context());
  EXPECT_EQ(response_.score(), 0.0F);
}

TEST_F(ExplainHandlerTest, TakesAUriOfAnotherKind) {
  request_.clear_item_gid();
  request_.set_item_uri("spotify:episode:1");
  ASSERT_THAT(Explain(), IsOk());
  EXPECT_EQ(response_.status(), v1::ITEM_STATUS_FOUND);
  EXPECT_EQ(response_.item_uri(), "spotify:episode:1");
}

TEST_F(ExplainHandlerTest, ExplainsAnotherSignal) {
  request_.mutable_context()->set_market("SE");
  request_.mutable_context()->set_cohort("new");
  request_.set_signal("reward");
  ASSERT_THAT(Explain(), IsOk());
  EXPECT_EQ(response_.scale(), 1.0F);
  EXPECT_EQ(response_.quantised(), 8192);
}

TEST_F(ExplainHandlerTest, RefusesAMalformedIdAndSaysWhy) {
  request_.clear_item_gid();
  request_.set_item_uri("spotify:track:short");
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kInvalidArgument,
                                  AllOf(HasSubstr("item_uri 'spotify:track:short'"),
                                        HasSubstr("22 base62 digits"))));
  request_.clear_item_uri();
  request_.set_item_gid("too short");
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("item_gid has 9 bytes: it must have 16")));
}

TEST_F(ExplainHandlerTest, RefusesBothOrNeitherIdField) {
  request_.set_item_uri("spotify:episode:1");
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("are both given")));
  request_.clear_item_uri();
  request_.clear_item_gid();
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("are both empty")));
}

TEST_F(ExplainHandlerTest, RefusesAnUnknownSignal) {
  request_.set_signal("nope");
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kInvalidArgument,
                                  AllOf(HasSubstr("signal is 'nope'"),
                                        HasSubstr("it has: promotion, reward"))));
}

TEST_F(ExplainHandlerTest, RefusesAnUnknownScoreSetAndAnEmptySurface) {
  request_.set_score_set("nope");
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kNotFound, HasSubstr("'nope'")));
  request_.clear_context();
  EXPECT_THAT(Explain(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("surface")));
}

}  // namespace
}  // namespace oasis
