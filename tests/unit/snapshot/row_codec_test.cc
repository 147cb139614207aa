#include <string>

#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

std::string Bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (int byte : bytes) text.push_back(static_cast<char>(byte));
  return text;
}

// One signal, 300 contexts, 200 campaigns: both numbers need a second byte.
Manifest WideManifest() {
  Manifest manifest;
  manifest.signals = {{"promotion", 1.0F}};
  manifest.contexts.resize(300);
  manifest.campaigns.resize(200);
  return manifest;
}

absl::Status Decode(const std::string& value) {
  ItemRow row;
  return DecodeRow(value, WideManifest(), &row);
}

TEST(RowCodecTest, WritesTheBytesThatTheFormatPageDraws) {
  const ItemRow row = MakeRow(TrackKey(1, 2), {{5, {-2}}, {299, {0x1234}, 199}});
  std::string value = "left over";
  EncodeRow(row, 1, &value);
  EXPECT_EQ(value, Bytes({5, 0, 0xFE, 0xFF, 0xAB, 0x02, 0xC8, 0x01, 0x34, 0x12}));
}

TEST(RowCodecTest, DecodesWhatItEncoded) {
  const Manifest manifest = SampleDescription();
  for (const ItemRow& row : SampleRows(200)) {
    std::string value;
    EncodeRow(row, 2, &value);
    ItemRow decoded;
    decoded.key = row.key;
    ASSERT_THAT(DecodeRow(value, manifest, &decoded), IsOk());
    ASSERT_TRUE(decoded == row);
  }
}

TEST(RowCodecTest, ClearsWhatTheRowHeldBefore) {
  ItemRow row = MakeRow(TrackKey(1, 2), {{7, {1}}, {8, {1}}});
  ASSERT_THAT(DecodeRow(Bytes({5, 0, 1, 0}), WideManifest(), &row), IsOk());
  EXPECT_TRUE(row == MakeRow(TrackKey(1, 2), {{5, {1}}}));
}

TEST(RowCodecTest, RefusesAnEmptyValue) {
  EXPECT_THAT(Decode(""), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("empty")));
}

TEST(RowCodecTest, RefusesEveryTruncation) {
  const std::string value = Bytes({5, 0, 0xFE, 0xFF, 0xAB, 0x02, 0xC8, 0x01, 0x34, 0x12});
  for (size_t length = 0; length < value.size(); ++length) {
    if (length == 4) continue;  // the end of the first cell: only the manifest's counts can tell
    EXPECT_THAT(Decode(value.substr(0, length)),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("of the value")))
        << length;
  }
}

TEST(RowCodecTest, RefusesAContextThatTheManifestDoesNotHave) {
  EXPECT_THAT(Decode(Bytes({0xAC, 0x02, 0, 1, 0})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("context 300 of only 300")));
}

TEST(RowCodecTest, RefusesACampaignThatTheManifestDoesNotHave) {
  EXPECT_THAT(Decode(Bytes({5, 0xC9, 0x01, 1, 0})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("campaign 200 of only 200")));
}

TEST(RowCodecTest, RefusesContextsThatDoNotAscend) {
  EXPECT_THAT(Decode(Bytes({5, 0, 1, 0, 5, 0, 1, 0})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("byte 4 of the value: context 5")));
}

TEST(RowCodecTest, RefusesANumberThatIsNotInItsShortestForm) {
  EXPECT_THAT(Decode(Bytes({0x85, 0x00, 0, 1, 0})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no context number")));
}

TEST(RowCodecTest, RefusesANumberThatNeverEnds) {
  EXPECT_THAT(Decode(Bytes({5, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no campaign number")));
}

TEST(RowCodecTest, RefusesANumberAbove32Bits) {
  EXPECT_THAT(Decode(Bytes({5, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 0})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no campaign number")));
}

TEST(RowCodecTest, RefusesTheScoreThatNoScoreQuantisesTo) {
  EXPECT_THAT(Decode(Bytes({5, 0, 0x00, 0x80})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("-32768")));
}

}  // namespace
}  // namespace oasis::testing
