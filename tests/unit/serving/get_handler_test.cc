#include "serving/get_handler.h"

#include <string>
#include <vector>

#include "oasis/status.h"
#include "support/table_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::BuildConstantTable;
using ::oasis::testing::BuildTable;
using ::oasis::testing::Gids;
using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TestTable;
using ::oasis::testing::TrackKey;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;

constexpr float kError = 1.0F / 32767;
const absl::Time kNow = absl::FromUnixSeconds(1'000'060);

class GetHandlerTest : public ::testing::Test {
 protected:
  GetHandlerTest() { request_.mutable_context()->set_surface("radio"); }

  void Publish(const TestTable& table) { Publish(BuildTable(table)); }
  void Publish(std::shared_ptr<const Table> table) {
    ASSERT_THAT(tables_.Publish(std::move(table)), IsOk());
  }
  // A track with a row at every level, one with the widest only, and one of another kind.
  void PublishLevels() {
    TestTable table;
    table.rows = {{TrackKey(1, 0), {"radio", "SE", "new"}, {0.4F}},
                  {TrackKey(1, 0), {"radio", "SE", "*"}, {0.3F}},
                  {TrackKey(1, 0), {"radio", "*", "new"}, {0.2F}},
                  {TrackKey(1, 0), {"radio", "*", "*"}, {0.1F}},
                  {TrackKey(1, 1), {"radio", "*", "*"}, {-0.5F}},
                  {KeyOfUri("spotify:episode:1"), {"radio", "*", "*"}, {0.9F}}};
    Publish(table);
  }
  absl::Status Get() {
    absl::StatusOr<LiveTables::Reader> reader = tables_.NewReader();
    const std::string bytes = request_.SerializeAsString();
    GetRequest request;
    EXPECT_THAT(ParseGetRequest(bytes, 100, &request), IsOk());
    OASIS_RETURN_IF_ERROR(HandleGet(*reader->Acquire(), options_, kNow, request, scratch_));
    std::string reply(EncodedBytes(scratch_.reply), '\0');
    EncodeGetReply(scratch_.reply, reinterpret_cast<uint8_t*>(reply.data()));
    return response_.ParseFromString(reply) ? absl::OkStatus() : absl::InternalError("no reply");
  }

  LiveTables tables_;
  GetOptions options_;
  GetScratch scratch_;
  v1::GetPromotionScoresRequest request_;
  v1::GetPromotionScoresResponse response_;
};

TEST_F(GetHandlerTest, AnswersGidsInTheirOrder) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 1), TrackKey(7, 7), TrackKey(1, 0)}));
  ASSERT_THAT(Get(), IsOk());
  EXPECT_THAT(response_.scores(),
              ElementsAre(FloatNear(-0.5F, kError), 0.0F, FloatNear(0.1F, kError)));
  EXPECT_THAT(response_.statuses(),
              ElementsAre(v1::ITEM_STATUS_FOUND, v1::ITEM_STATUS_NOT_FOUND, v1::ITEM_STATUS_FOUND));
}

TEST_F(GetHandlerTest, AnswersUrisOfTracksAndOfOtherKinds) {
  PublishLevels();
  request_.add_item_uris(FormatTrackUri(TrackKey(1, 0).gid));
  request_.add_item_uris("spotify:episode:1");
  ASSERT_THAT(Get(), IsOk());
  EXPECT_THAT(response_.scores(), ElementsAre(FloatNear(0.1F, kError), FloatNear(0.9F, kError)));
}

TEST_F(GetHandlerTest, AMalformedIdCostsItselfAlone) {
  PublishLevels();
  request_.add_item_uris("spotify:track:too-short");
  request_.add_item_uris(FormatTrackUri(TrackKey(1, 1).gid));
  ASSERT_THAT(Get(), IsOk());
  EXPECT_THAT(response_.scores(), ElementsAre(0.0F, FloatNear(-0.5F, kError)));
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_INVALID_ID, v1::ITEM_STATUS_FOUND));
}

TEST_F(GetHandlerTest, TheMostSpecificRowWins) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  const auto score = [this](const std::string& market, const std::string& cohort) {
    request_.mutable_context()->set_market(market);
    request_.mutable_context()->set_cohort(cohort);
    EXPECT_THAT(Get(), IsOk());
    return response_.scores(0);
  };
  EXPECT_NEAR(score("SE", "new"), 0.4F, kError);
  EXPECT_NEAR(score("SE", "old"), 0.3F, kError);
  EXPECT_NEAR(score("SE", ""), 0.3F, kError);
  EXPECT_NEAR(score("NO", "new"), 0.2F, kError);
  EXPECT_NEAR(score("", "new"), 0.2F, kError);
  EXPECT_NEAR(score("NO", "old"), 0.1F, kError);
  EXPECT_NEAR(score("", ""), 0.1F, kError);
  EXPECT_NEAR(score("*", "*"), 0.1F, kError);
}

TEST_F(GetHandlerTest, AnotherSurfaceHasNoScore) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.mutable_context()->set_surface("autoplay");
  ASSERT_THAT(Get(), IsOk());
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_NOT_FOUND));
}

TEST_F(GetHandlerTest, SeveralSignalsComeItemByItem) {
  TestTable table;
  table.signals = {{"promotion", 1.0F}, {"reward", 10.0F}};
  table.rows = {{TrackKey(1, 0), {"radio", "*", "*"}, {0.5F, 5.0F}},
                {TrackKey(1, 1), {"radio", "*", "*"}, {0.25F, -10.0F}}};
  Publish(table);
  request_.set_item_gids(Gids({TrackKey(1, 0), TrackKey(9, 9), TrackKey(1, 1)}));
  request_.add_signals("reward");
  request_.add_signals("promotion");
  ASSERT_THAT(Get(), IsOk());
  EXPECT_THAT(response_.scores(),
              ElementsAre(FloatNear(5.0F, 10 * kError), FloatNear(0.5F, kError), 0.0F, 0.0F,
                          FloatNear(-10.0F, 10 * kError), FloatNear(0.25F, kError)));
  EXPECT_EQ(response_.statuses_size(), 3);
}

TEST_F(GetHandlerTest, AUsedResponseKeepsNothingOfItsLastCall) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0), TrackKey(1, 0), TrackKey(1, 0)}));
  ASSERT_THAT(Get(), IsOk());
  request_.set_item_gids(Gids({TrackKey(7, 7)}));
  ASSERT_THAT(Get(), IsOk());
  EXPECT_THAT(response_.scores(), ElementsAre(0.0F));
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_NOT_FOUND));
}

TEST_F(GetHandlerTest, NamesTheSnapshotAndItsAge) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  ASSERT_THAT(Get(), IsOk());
  EXPECT_EQ(response_.snapshot().id(), "snapshot-1");
  EXPECT_EQ(response_.snapshot().created().seconds(), 1'000'000);
  EXPECT_EQ(response_.snapshot().age().seconds(), 60);
  EXPECT_EQ(response_.variant(), "control");
}

TEST_F(GetHandlerTest, TheAgeIsNeverNegative) {
  Publish(BuildConstantTable({"discovery-mode", "control", "s", kNow + absl::Hours(1)}, 1, 0.5F));
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  ASSERT_THAT(Get(), IsOk());
  EXPECT_EQ(response_.snapshot().age().seconds(), 0);
  EXPECT_EQ(response_.snapshot().age().nanos(), 0);
}

TEST_F(GetHandlerTest, AKnownVariantAnswersItself) {
  Publish(BuildConstantTable({"discovery-mode", "control", "c", kNow}, 1, 0.5F));
  Publish(BuildConstantTable({"discovery-mode", "bold", "b", kNow}, 1, 1.0F));
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.set_variant("bold");
  ASSERT_THAT(Get(), IsOk());
  EXPECT_EQ(response_.variant(), "bold");
  EXPECT_EQ(response_.snapshot().id(), "b");
  EXPECT_THAT(response_.scores(), ElementsAre(FloatNear(1.0F, kError)));
}

TEST_F(GetHandlerTest, AnUnknownVariantIsAnsweredByTheControlWhichSaysSo) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.set_variant("bold");
  ASSERT_THAT(Get(), IsOk());
  EXPECT_EQ(response_.variant(), "control");
}

TEST_F(GetHandlerTest, KeepsScoreSetsApart) {
  Publish(BuildConstantTable({"discovery-mode", "control", "a", kNow}, 1, 0.5F));
  Publish(BuildConstantTable({"house-ads", "control", "b", kNow}, 1, 1.0F));
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.set_score_set("house-ads");
  ASSERT_THAT(Get(), IsOk());
  EXPECT_EQ(response_.snapshot().id(), "b");
  EXPECT_EQ(scratch_.score_set->ordinal, 1);
}

TEST_F(GetHandlerTest, IsUnavailableBeforeTheFirstSnapshot) {
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  EXPECT_THAT(Get(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no snapshot is live yet")));
}

TEST_F(GetHandlerTest, IsUnavailableWithNeitherVariantNorControl) {
  Publish(BuildConstantTable({"discovery-mode", "bold", "b", kNow}, 1, 1.0F));
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kUnavailable,
                              AllOf(HasSubstr("'control'"), HasSubstr("'discovery-mode'"),
                                    HasSubstr("live variants are: bold"))));
}

TEST_F(GetHandlerTest, RefusesAnUnknownScoreSet) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.set_score_set("nope");
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kNotFound,
                              AllOf(HasSubstr("score_set 'nope'"), HasSubstr("discovery-mode"))));
}

TEST_F(GetHandlerTest, RefusesAnEmptySurface) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.mutable_context()->clear_surface();
  EXPECT_THAT(Get(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("context.surface is empty")));
  request_.clear_context();
  EXPECT_THAT(Get(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("context.surface is empty")));
}

TEST_F(GetHandlerTest, RefusesAMarketThatIsNone) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  for (const char* market : {"se", "SWE", "S", "S1"}) {
    request_.mutable_context()->set_market(market);
    EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                                HasSubstr(std::string("context.market is '") + market + "'")));
  }
}

TEST_F(GetHandlerTest, RefusesBothIdFields) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.add_item_uris("spotify:episode:1");
  EXPECT_THAT(Get(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("item_uris (1 items) and item_gids (16 bytes) are both given")));
}

TEST_F(GetHandlerTest, RefusesNeitherIdField) {
  PublishLevels();
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                              HasSubstr("item_uris and item_gids are both empty")));
}

TEST_F(GetHandlerTest, RefusesGidsThatAreNotAMultipleOf16) {
  PublishLevels();
  request_.set_item_gids(std::string(31, 'x'));
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                              AllOf(HasSubstr("item_gids has 31 bytes"), HasSubstr("16"))));
}

TEST_F(GetHandlerTest, RefusesMoreItemsThanTheLimit) {
  PublishLevels();
  options_.max_items = 2;
  request_.set_item_gids(Gids({TrackKey(1, 0), TrackKey(1, 0)}));
  EXPECT_THAT(Get(), IsOk());
  request_.set_item_gids(Gids({TrackKey(1, 0), TrackKey(1, 0), TrackKey(1, 0)}));
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                              HasSubstr("item_gids has 3 items: at most 2")));
  request_.clear_item_gids();
  for (int i = 0; i < 3; ++i) request_.add_item_uris("spotify:episode:1");
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                              HasSubstr("item_uris has 3 items: at most 2")));
}

TEST_F(GetHandlerTest, RefusesAnUnknownSignalAndNamesThoseThereAre) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.add_signals("promotion");
  request_.add_signals("reward");
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                              AllOf(HasSubstr("signals is 'reward'"), HasSubstr("snapshot-1"),
                                    HasSubstr("it has: promotion"))));
}

TEST_F(GetHandlerTest, RefusesMoreSignalsThanTheLimit) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  for (int i = 0; i <= kMaxSignalsPerRequest; ++i) request_.add_signals("promotion");
  EXPECT_THAT(Get(), StatusIs(absl::StatusCode::kInvalidArgument,
                              HasSubstr("signals has more than 32 names")));
}

TEST_F(GetHandlerTest, ALongOrBinaryValueDoesNotFillTheMessage) {
  PublishLevels();
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  request_.set_score_set("a\nb" + std::string(100'000, 'x'));
  const absl::Status status = Get();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound,
                               AllOf(HasSubstr("a\\nb"), HasSubstr("(100003 bytes)"))));
  EXPECT_LT(status.message().size(), 400u);
}

}  // namespace
}  // namespace oasis
