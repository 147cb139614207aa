#include "snapshot/row_codec.h"

#include <initializer_list>
#include <string>

#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (int byte : bytes) text.push_back(static_cast<char>(byte));
  return text;
}

const std::string kGid = Bytes({0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2});

// An item of one cell or two, of the campaign that is numbered from 1.
std::string OneCell(int context, int campaign, int low = 1, int high = 0) {
  return kGid + Bytes({1, 0, campaign, 0, 0, 0, context & 0xFF, context >> 8, low, high});
}
std::string TwoCells(int first_campaign, int second_campaign, int second_context = 6) {
  return kGid + Bytes({2, 0, 0xFF, 0xFF, 0xFF,           0xFF, 5, 0, second_context,  0,
                       1, 0, 2,    0,    first_campaign, 0,    0, 0, second_campaign, 0,
                       0, 0});
}

// One signal, 300 contexts, 200 campaigns.
Manifest WideManifest() {
  Manifest manifest;
  manifest.signals = {{"promotion", 1.0F}};
  manifest.contexts.resize(300);
  manifest.campaigns.Own().resize(200);
  return manifest;
}

absl::Status Take(absl::string_view run) {
  ItemRow row;
  return TakeRow(&run, WideManifest(), &row);
}

std::string Encode(const ItemRow& row) {
  std::string bytes = "left over";
  EncodeRow(row, &bytes);
  return bytes;
}

TEST(RowCodecTest, WritesTheBytesThatTheFormatPageDraws) {
  EXPECT_EQ(Encode(MakeRow(TrackKey(1, 2), {{5, {-2}, 199}, {299, {0x1234}, 199}})),
            kGid + Bytes({2, 0, 200, 0, 0, 0, 5, 0, 0x2B, 0x01, 0xFE, 0xFF, 0x34, 0x12}));
  EXPECT_EQ(Encode(MakeRow({{1, 2}, ItemKind::kOther}, {{5, {-2}}, {299, {0x1234}, 199}})),
            kGid + Bytes({2,    0x80, 0xFF, 0xFF, 0xFF, 0xFF, 5, 0,   0x2B, 0x01, 0xFE,
                          0xFF, 0x34, 0x12, 0,    0,    0,    0, 200, 0,    0,    0}));
}

TEST(RowCodecTest, TakesTheItemsOfARunOneAfterAnother) {
  const Manifest manifest = SampleDescription();
  const std::vector<ItemRow> rows = SampleRows(200);
  std::string bytes;
  for (const ItemRow& row : rows) bytes += Encode(row);
  absl::string_view run = bytes;
  ItemRow decoded;
  for (const ItemRow& row : rows) {
    ASSERT_THAT(TakeRow(&run, manifest, &decoded), IsOk());
    ASSERT_TRUE(decoded == row);
  }
  EXPECT_EQ(run, "");
}

TEST(RowCodecTest, KeepsTheMostCellsThatAnItemCanHave) {
  Manifest manifest = WideManifest();
  manifest.contexts.resize(kMaxContexts);
  ItemRow row;
  row.key = {{1, 2}, ItemKind::kOther};
  for (int i = 0; i < kMaxContexts; ++i) {
    row.contexts.push_back(static_cast<ContextId>(i));
    row.campaigns.push_back(kNoCampaign);
    row.scores.push_back(1);
  }
  const std::string bytes = Encode(row);
  absl::string_view run = bytes;
  ItemRow decoded;
  ASSERT_THAT(TakeRow(&run, manifest, &decoded), IsOk());
  EXPECT_TRUE(decoded == row);
}

TEST(RowCodecTest, ReplacesWhatTheRowHeldBefore) {
  ItemRow row = MakeRow(TrackKey(8, 8), {{7, {1}}, {8, {1}}});
  const std::string bytes = OneCell(5, 0);
  absl::string_view run = bytes;
  ASSERT_THAT(TakeRow(&run, WideManifest(), &row), IsOk());
  EXPECT_TRUE(row == MakeRow(TrackKey(1, 2), {{5, {1}}}));
}

TEST(RowCodecTest, RefusesEveryTruncation) {
  for (const std::string& bytes : {OneCell(5, 0), TwoCells(1, 2)}) {
    ASSERT_THAT(Take(bytes), IsOk());
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_THAT(Take(bytes.substr(0, length)),
                  StatusIs(absl::StatusCode::kDataLoss, HasSubstr("it ends within")))
          << length;
    }
  }
}

TEST(RowCodecTest, RefusesAnItemWithoutCells) {
  EXPECT_THAT(Take(kGid + Bytes({0, 0, 0, 0, 0, 0})),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(FormatKey(TrackKey(1, 2))), HasSubstr("no cells"))));
}

TEST(RowCodecTest, RefusesAContextThatTheManifestDoesNotHave) {
  EXPECT_THAT(Take(OneCell(300, 0)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("context 300 of only 300")));
}

TEST(RowCodecTest, RefusesACampaignThatTheManifestDoesNotHave) {
  const auto refused = StatusIs(absl::StatusCode::kDataLoss, HasSubstr("campaign 200 of only 200"));
  EXPECT_THAT(Take(OneCell(5, 201)), refused);
  EXPECT_THAT(Take(TwoCells(0, 201)), refused);
}

TEST(RowCodecTest, RefusesContextsThatDoNotAscend) {
  EXPECT_THAT(Take(TwoCells(1, 2, 5)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("context 5 after 5")));
}

TEST(RowCodecTest, RefusesOneCampaignInTheFormForSeveral) {
  EXPECT_THAT(Take(TwoCells(1, 1)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("are all the same")));
}

TEST(RowCodecTest, RefusesTheScoreThatNoScoreQuantisesTo) {
  EXPECT_THAT(Take(OneCell(5, 0, 0x00, 0x80)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("-32768")));
}

}  // namespace
}  // namespace oasis::testing
