#include "apps/message_json.h"

#include <gtest/gtest.h>

#include "apps/enum_word.h"
#include "oasis/v1/promotion_scores.pb.h"
#include "oasis/v1/snapshot_admin.pb.h"

namespace oasis {
namespace {

TEST(MessageJsonTest, NumbersEnumsTimesAndDurationsReadAsPeopleExpect) {
  v1::LoadResult result;
  result.set_outcome(v1::LoadResult::OUTCOME_PUBLISHED);
  result.set_items(10'000'000'000);
  auto* phase = result.add_phases();
  phase->set_phase(v1::LOAD_PHASE_VERIFY);
  phase->mutable_took()->set_nanos(250'000'000);
  const auto json = MessageToJson(result);
  EXPECT_EQ(json["outcome"], "published");
  EXPECT_EQ(json["items"], 10'000'000'000);
  EXPECT_EQ(json["phases"][0]["phase"], "verify");
  EXPECT_EQ(json["phases"][0]["took_seconds"], 0.25);
}

TEST(EnumWordTest, AValueOfANewerServerIsItsNumber) {
  EXPECT_EQ(EnumWord(v1::ITEM_STATUS_INVALID_ID), "invalid_id");
  EXPECT_EQ(EnumWord(static_cast<v1::ItemStatus>(77)), "77");
}

TEST(MessageJsonTest, KeysOfUnsetFieldsAreThere) {
  const auto json = MessageToJson(v1::ExplainPromotionScoreResponse());
  EXPECT_TRUE(json.at("campaign").is_null());
  EXPECT_TRUE(json.at("snapshot").is_null());
  EXPECT_EQ(json.at("status"), "not_found");
  EXPECT_EQ(json.at("match_level"), "none");
  EXPECT_EQ(MessageToJson(v1::ListJournalResponse()).at("entries").size(), 0U);
}

TEST(MessageJsonTest, AFloatPrintsWithItsOwnDigits) {
  v1::GetPromotionScoresResponse response;
  response.add_scores(0.1F);
  response.add_scores(-0.3335F);
  response.mutable_snapshot()->mutable_created()->set_seconds(1'767'225'600);
  const auto json = MessageToJson(response);
  EXPECT_EQ(json["scores"].dump(), "[0.1,-0.3335]");
  EXPECT_EQ(json["snapshot"]["created"], "2026-01-01T00:00:00Z");
}

}  // namespace
}  // namespace oasis
