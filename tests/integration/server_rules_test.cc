// Every rule of the serving API, as a client sees it over the wire.
#include <grpcpp/generic/generic_stub.h>

#include <string>

#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr float kError = 1.0F / 32767;

class ServerRulesTest : public ServerFixture {
 protected:
  ServerRulesTest() {
    options_.max_items_per_request = 4;
    TestTable table;
    table.info.created = absl::Now() - absl::Minutes(1);
    table.signals = {{"promotion", 1.0F}, {"reward", 1.0F}};
    table.campaigns = {{"spring", "Label A", absl::InfinitePast(), absl::InfiniteFuture()}};
    table.rows = {{TrackKey(1, 0), {"radio", "SE", "new"}, {0.4F, 0.0F}, 0},
                  {TrackKey(1, 0), {"radio", "SE", "*"}, {0.3F, 0.0F}},
                  {TrackKey(1, 0), {"radio", "*", "new"}, {0.2F, 0.0F}},
                  {TrackKey(1, 0), {"radio", "*", "*"}, {0.1F, -1.0F}},
                  {KeyOfUri("spotify:episode:1"), {"radio", "*", "*"}, {0.9F, 0.5F}}};
    Publish(BuildTable(table));
    StartServer();
    explain_.mutable_context()->set_surface("radio");
  }
  grpc::Status Explain() {
    grpc::ClientContext context;
    return stub_->ExplainPromotionScore(&context, explain_, &explained_);
  }

  v1::ExplainPromotionScoreRequest explain_;
  v1::ExplainPromotionScoreResponse explained_;
};

TEST_F(ServerRulesTest, AnswersGids) {
  request_.set_item_gids(Gids({TrackKey(1, 0), TrackKey(9, 9)}));
  ASSERT_TRUE(Get().ok());
  EXPECT_THAT(response_.scores(), ElementsAre(FloatNear(0.1F, kError), 0.0F));
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_FOUND, v1::ITEM_STATUS_NOT_FOUND));
  EXPECT_EQ(response_.snapshot().id(), "snapshot-1");
  EXPECT_GE(response_.snapshot().age().seconds(), 60);
  EXPECT_EQ(response_.variant(), "control");
}

TEST_F(ServerRulesTest, AnswersUrisAndABadOneCostsItselfAlone) {
  request_.clear_item_gids();
  request_.add_item_uris(FormatTrackUri(TrackKey(1, 0).gid));
  request_.add_item_uris("no uri at all");
  request_.add_item_uris("spotify:track:7zzzzzzzzzzzzzzzzzzzzz!");
  request_.add_item_uris("spotify:episode:1");
  ASSERT_TRUE(Get().ok());
  EXPECT_THAT(response_.scores(),
              ElementsAre(FloatNear(0.1F, kError), 0.0F, 0.0F, FloatNear(0.9F, kError)));
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_FOUND, v1::ITEM_STATUS_INVALID_ID,
                                                v1::ITEM_STATUS_INVALID_ID, v1::ITEM_STATUS_FOUND));
}

TEST_F(ServerRulesTest, FallsBackLevelByLevel) {
  const auto score = [this](const std::string& market, const std::string& cohort) {
    request_.mutable_context()->set_market(market);
    request_.mutable_context()->set_cohort(cohort);
    EXPECT_TRUE(Get().ok());
    return response_.scores(0);
  };
  EXPECT_NEAR(score("SE", "new"), 0.4F, kError);
  EXPECT_NEAR(score("SE", "old"), 0.3F, kError);
  EXPECT_NEAR(score("NO", "new"), 0.2F, kError);
  EXPECT_NEAR(score("NO", "old"), 0.1F, kError);
  request_.mutable_context()->set_surface("mix");
  EXPECT_EQ(score("SE", "new"), 0.0F);
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_NOT_FOUND));
}

TEST_F(ServerRulesTest, AnswersSeveralSignalsItemByItem) {
  request_.set_item_gids(Gids({TrackKey(9, 9), TrackKey(1, 0)}));
  request_.add_signals("promotion");
  request_.add_signals("reward");
  ASSERT_TRUE(Get().ok());
  EXPECT_THAT(response_.scores(),
              ElementsAre(0.0F, 0.0F, FloatNear(0.1F, kError), FloatNear(-1.0F, kError)));
}

TEST_F(ServerRulesTest, AnUnknownVariantIsAnsweredByTheControl) {
  request_.set_variant("bold");
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.variant(), "control");
}

TEST_F(ServerRulesTest, AScoreSetAndAVariantCanBeAddedWhileServing) {
  request_.set_score_set("house-ads");
  request_.set_variant("bold");
  EXPECT_EQ(Get().error_code(), grpc::StatusCode::NOT_FOUND);
  Publish(BuildConstantTable({"house-ads", "control", "c", absl::Now()}, 1, 0.5F));
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.variant(), "control");
  Publish(BuildConstantTable({"house-ads", "bold", "b", absl::Now()}, 1, 1.0F));
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.variant(), "bold");
  EXPECT_THAT(response_.scores(), ElementsAre(FloatNear(1.0F, kError)));
}

TEST_F(ServerRulesTest, RefusesAnEmptySurface) {
  request_.mutable_context()->clear_surface();
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("context.surface")));
}

TEST_F(ServerRulesTest, RefusesAnySurface) {
  request_.mutable_context()->set_surface("*");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT,
                               HasSubstr("context.surface is '*': a request must name one")));
}

TEST_F(ServerRulesTest, TakesAStarAsAnyMarketAndCohort) {
  request_.mutable_context()->set_market("*");
  request_.mutable_context()->set_cohort("*");
  ASSERT_TRUE(Get().ok());
  EXPECT_THAT(response_.scores(), ElementsAre(FloatNear(0.1F, kError)));
}

TEST_F(ServerRulesTest, RefusesAMalformedMarket) {
  for (const std::string market : {"se", "SWE", "S", "S1", "**"}) {
    request_.mutable_context()->set_market(market);
    EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT,
                                 HasSubstr("context.market is '" + market + "'")));
  }
}

TEST_F(ServerRulesTest, AnIdThatIsNoUtf8CostsItselfAlone) {
  request_.clear_item_gids();
  request_.add_item_uris("spotify:track:\xff\xfe");  // a client in C++ warns, and sends it
  request_.add_item_uris(FormatTrackUri(TrackKey(1, 0).gid));
  ASSERT_TRUE(Get().ok());
  EXPECT_THAT(response_.statuses(), ElementsAre(v1::ITEM_STATUS_INVALID_ID, v1::ITEM_STATUS_FOUND));
}

TEST_F(ServerRulesTest, BytesThatAreNoRequestAreRefusedAndCounted) {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice bytes("\x22\x7f", 2);  // 127 bytes follow, it says
  const grpc::ByteBuffer request(&bytes, 1);
  const auto call = stub.PrepareUnaryCall(&context, "/oasis.v1.PromotionScores/GetPromotionScores",
                                          request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("malformed"));
  AwaitMetric(R"(oasis_requests_total{method="GetPromotionScores",code="INVALID_ARGUMENT"} 1)");
}

TEST_F(ServerRulesTest, RefusesBothIdFields) {
  request_.add_item_uris("spotify:episode:1");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("both given")));
}

TEST_F(ServerRulesTest, RefusesNeitherIdField) {
  request_.clear_item_gids();
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("both empty")));
}

TEST_F(ServerRulesTest, RefusesGidsThatAreNotAMultipleOf16) {
  request_.set_item_gids("seventeen bytes !");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("17 bytes")));
}

TEST_F(ServerRulesTest, RefusesTooManyItems) {
  request_.set_item_gids(std::string(5 * 16, 'x'));
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT,
                               HasSubstr("item_gids has 5 items: at most 4")));
}

TEST_F(ServerRulesTest, RefusesAnUnknownSignal) {
  request_.add_signals("nope");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT,
                               AllOf(HasSubstr("'nope'"), HasSubstr("promotion, reward"))));
}

TEST_F(ServerRulesTest, RefusesAnUnknownScoreSet) {
  request_.set_score_set("nope");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::NOT_FOUND, HasSubstr("'nope'")));
}

TEST_F(ServerRulesTest, ExplainsAScore) {
  explain_.mutable_context()->set_market("SE");
  explain_.mutable_context()->set_cohort("new");
  explain_.set_item_uri(FormatTrackUri(TrackKey(1, 0).gid));
  ASSERT_TRUE(Explain().ok());
  EXPECT_EQ(explained_.status(), v1::ITEM_STATUS_FOUND);
  EXPECT_EQ(explained_.match_level(), v1::MATCH_LEVEL_SURFACE_MARKET_COHORT);
  EXPECT_NEAR(explained_.score(), 0.4F, kError);
  EXPECT_EQ(explained_.campaign().name(), "spring");
  EXPECT_EQ(explained_.snapshot().id(), "snapshot-1");
}

TEST_F(ServerRulesTest, ExplainsAScoreByGid) {
  explain_.set_item_gid(Gids({TrackKey(1, 0)}));
  ASSERT_TRUE(Explain().ok());
  EXPECT_EQ(explained_.match_level(), v1::MATCH_LEVEL_SURFACE);
  EXPECT_EQ(explained_.item_uri(), FormatTrackUri(TrackKey(1, 0).gid));
}

TEST_F(ServerRulesTest, RefusesToExplainWhatIsAskedWrongly) {
  const auto refused = [this](const std::string& message) {
    EXPECT_THAT(Explain(), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr(message)));
  };
  refused("both empty");
  explain_.set_item_gid("short");
  refused("item_gid has 5 bytes");
  explain_.set_item_uri("spotify:track:short");
  refused("both given");
  explain_.clear_item_gid();
  refused("22 base62 digits");
  explain_.set_item_uri("spotify:episode:1");
  explain_.set_signal("nope");
  refused("signal is 'nope'");
  explain_.clear_signal();
  explain_.mutable_context()->set_market("se");
  refused("context.market");
  explain_.mutable_context()->clear_market();
  explain_.set_score_set("nope");
  EXPECT_THAT(Explain(), HasCode(grpc::StatusCode::NOT_FOUND, HasSubstr("'nope'")));
}

TEST_F(ServerRulesTest, CountsWhatItAnswersAndRefuses) {
  ASSERT_TRUE(Get().ok());
  request_.clear_item_gids();
  ASSERT_FALSE(Get().ok());
  AwaitMetric(R"(oasis_requests_total{method="GetPromotionScores",code="OK"} 1)");
  AwaitMetric(R"(oasis_requests_total{method="GetPromotionScores",code="INVALID_ARGUMENT"} 1)");
  AwaitMetric(R"(oasis_items_total{score_set="discovery-mode",status="found"} 1)");
}

class EmptyServerTest : public ServerFixture {};

TEST_F(EmptyServerTest, IsUnavailableBeforeTheFirstSnapshot) {
  StartServer();
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::UNAVAILABLE, HasSubstr("no snapshot is live")));
  PublishConstant(0.5F);
  EXPECT_TRUE(Get().ok());
}

}  // namespace
}  // namespace oasis::testing
