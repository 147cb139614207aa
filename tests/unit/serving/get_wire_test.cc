#include "serving/get_wire.h"

#include <random>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr size_t kManyUris = 1'000'000;

std::string RandomText(std::mt19937& random) {
  std::string text(random() % 200, 'a');  // lengths of one byte and of two
  for (char& c : text) c = static_cast<char>('a' + random() % 26);
  return text;
}

v1::GetPromotionScoresRequest RandomRequest(std::mt19937& random) {
  v1::GetPromotionScoresRequest request;
  const auto sometimes = [&] { return random() % 3 != 0; };
  if (sometimes()) request.set_score_set(RandomText(random));
  if (sometimes()) request.set_variant(RandomText(random));
  if (sometimes()) request.mutable_context()->set_surface(RandomText(random));
  if (sometimes()) request.mutable_context()->set_market(RandomText(random));
  if (sometimes()) request.mutable_context()->set_cohort(RandomText(random));
  for (size_t i = random() % 5; i > 0; --i) request.add_item_uris(RandomText(random));
  if (sometimes()) request.set_item_gids(RandomText(random));
  for (size_t i = random() % 3; i > 0; --i) request.add_signals(RandomText(random));
  return request;
}

template <typename Strings>
std::vector<absl::string_view> Views(const Strings& strings) {
  return {strings.begin(), strings.end()};
}

void ExpectSame(const GetRequest& parsed, const v1::GetPromotionScoresRequest& request) {
  EXPECT_EQ(parsed.score_set, request.score_set());
  EXPECT_EQ(parsed.variant, request.variant());
  EXPECT_EQ(parsed.surface, request.context().surface());
  EXPECT_EQ(parsed.market, request.context().market());
  EXPECT_EQ(parsed.cohort, request.context().cohort());
  EXPECT_EQ(parsed.item_uris, Views(request.item_uris()));
  EXPECT_EQ(parsed.uri_count, request.item_uris_size());
  EXPECT_EQ(parsed.item_gids, request.item_gids());
  EXPECT_EQ(parsed.signals, Views(request.signals()));
}

TEST(GetWireTest, ReadsWhatProtobufWritesWhateverWasReadBefore) {
  std::mt19937 random(20261121);
  GetRequest parsed;
  for (int round = 0; round < 500; ++round) {
    const v1::GetPromotionScoresRequest request = RandomRequest(random);
    const std::string bytes = request.SerializeAsString();
    ASSERT_THAT(ParseGetRequest(bytes, kManyUris, &parsed), IsOk());
    ExpectSame(parsed, request);
  }
}

TEST(GetWireTest, ReadsTwoMessagesInARowAsProtobufDoes) {
  std::mt19937 random(7);
  GetRequest parsed;
  for (int round = 0; round < 100; ++round) {
    const std::string bytes =
        RandomRequest(random).SerializeAsString() + RandomRequest(random).SerializeAsString();
    v1::GetPromotionScoresRequest merged;
    ASSERT_TRUE(merged.ParseFromString(bytes));
    ASSERT_THAT(ParseGetRequest(bytes, kManyUris, &parsed), IsOk());
    ExpectSame(parsed, merged);
  }
}

TEST(GetWireTest, PassesOverFieldsOfLaterVersions) {
  std::string bytes("\xa0\x06\x96\x01", 4);  // field 100, a number
  bytes += std::string(
      "\xa2\x06\x03"
      "abc",
      6);                                                // field 100, bytes
  bytes += std::string("\xa1\x06\0\0\0\0\0\0\0\0", 10);  // field 100, 64 bits
  bytes += std::string("\xa5\x06\0\0\0\0", 6);           // field 100, 32 bits
  bytes += std::string("\x20\x05", 2);                   // field 4 as a number
  bytes += std::string(
      "\x22\x01"
      "u",
      3);
  GetRequest parsed;
  ASSERT_THAT(ParseGetRequest(bytes, kManyUris, &parsed), IsOk());
  EXPECT_THAT(parsed.item_uris, ElementsAre("u"));
}

TEST(GetWireTest, RefusesBytesThatEndEarlyWhereProtobufDoes) {
  v1::GetPromotionScoresRequest request;
  request.mutable_context()->set_surface("radio");
  request.add_item_uris("spotify:episode:1");
  request.set_item_gids(std::string(300, 'x'));
  request.add_signals("promotion");
  const std::string bytes = request.SerializeAsString();
  GetRequest parsed;
  for (size_t length = 0; length <= bytes.size(); ++length) {
    const std::string part = bytes.substr(0, length);
    const absl::Status status = ParseGetRequest(part, kManyUris, &parsed);
    ASSERT_EQ(status.ok(), v1::GetPromotionScoresRequest().ParseFromString(part)) << length;
    if (status.ok()) continue;
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("end early")));
  }
}

TEST(GetWireTest, TakesStringsThatAreNoUtf8) {
  GetRequest parsed;
  ASSERT_THAT(ParseGetRequest(absl::string_view("\x22\x02\xff\xfe", 4), kManyUris, &parsed),
              IsOk());
  EXPECT_THAT(parsed.item_uris, ElementsAre("\xff\xfe"));
}

TEST(GetWireTest, KeepsNoMoreUrisAndSignalsThanAsked) {
  v1::GetPromotionScoresRequest request;
  for (int i = 0; i < 1000; ++i) {
    request.add_item_uris("a:b");
    request.add_signals("promotion");
  }
  const std::string bytes = request.SerializeAsString();
  GetRequest parsed;
  ASSERT_THAT(ParseGetRequest(bytes, 10, &parsed), IsOk());
  EXPECT_THAT(parsed.item_uris, SizeIs(10));
  EXPECT_EQ(parsed.uri_count, 1000);
  EXPECT_THAT(parsed.signals, SizeIs(kMaxSignalsPerRequest + 1));
}

TEST(GetWireTest, WritesWhatProtobufReads) {
  for (const size_t items : {0, 1, 127, 128, 500}) {
    GetReply reply;
    for (size_t i = 0; i < items; ++i) {
      reply.scores.push_back(0.25F * static_cast<float>(i));
      reply.statuses.push_back(static_cast<int>(i % v1::ItemStatus_ARRAYSIZE));
    }
    reply.rest.set_variant("control");
    reply.rest.mutable_snapshot()->set_id("monday");
    std::string bytes(EncodedBytes(reply), '?');
    EncodeGetReply(reply, reinterpret_cast<uint8_t*>(bytes.data()));
    v1::GetPromotionScoresResponse response;
    ASSERT_TRUE(response.ParseFromString(bytes)) << items;
    EXPECT_THAT(response.scores(), ::testing::ElementsAreArray(reply.scores));
    EXPECT_THAT(response.statuses(), ::testing::ElementsAreArray(reply.statuses));
    EXPECT_EQ(response.variant(), "control");
    EXPECT_EQ(response.snapshot().id(), "monday");
  }
}

}  // namespace
}  // namespace oasis
