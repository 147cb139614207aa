#include "score/campaign_column.h"

#include <bit>
#include <random>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;

constexpr size_t kSlots = 1003;
const auto kFirstCell = [] { return size_t{0}; };

class CampaignColumnTest : public ::testing::TestWithParam<size_t> {
 protected:
  CampaignColumnTest() : column_(kSlots, GetParam(), /*huge_pages=*/false) {
    EXPECT_THAT(column_.Open(), IsOk());
    std::mt19937_64 random(GetParam());
    for (size_t slot = 0; slot < kSlots; ++slot) {
      const uint64_t kind = random() % 4;
      CampaignId campaign = static_cast<CampaignId>(random() % GetParam());
      if (kind == 0) campaign = static_cast<CampaignId>(GetParam() - 1);
      if (kind == 1) campaign = kNoCampaign;
      campaigns_.push_back(campaign);
      column_.Set(slot, column_.NumberOf({campaign, campaign}));
    }
  }

  CampaignColumn column_;
  std::vector<CampaignId> campaigns_;
};

TEST_P(CampaignColumnTest, GivesBackWhatWasSetInAsFewBitsAsItTakes) {
  ASSERT_THAT(column_.Finish(), IsOk());
  for (size_t slot = 0; slot < kSlots; ++slot) {
    ASSERT_EQ(column_.Get(slot, kFirstCell), campaigns_[slot]) << slot;
  }
  const auto bits = static_cast<size_t>(std::bit_width(GetParam()));
  EXPECT_LE(column_.bytes(), static_cast<int64_t>(kSlots * bits / 8 + 4096));
}

TEST_P(CampaignColumnTest, IsTheSameFromItsImage) {
  column_.Set(5, column_.NumberOf({0, kNoCampaign}));
  ASSERT_THAT(column_.Finish(), IsOk());
  std::string image;
  ASSERT_THAT(column_.WriteImage([&image](absl::Span<const char> bytes) {
    image.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }),
              IsOk());
  CampaignColumn again(kSlots, GetParam(), /*huge_pages=*/false);
  size_t at = 0;
  ASSERT_THAT(again.ReadImage([&](absl::Span<char> bytes) {
    image.copy(bytes.data(), bytes.size(), at);
    at += bytes.size();
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_EQ(at, image.size());
  for (size_t slot = 0; slot < kSlots; ++slot) {
    ASSERT_EQ(again.Get(slot, kFirstCell), slot == 5 ? 0 : campaigns_[slot]) << slot;
  }
  EXPECT_EQ(again.Get(5, [] { return size_t{1}; }), kNoCampaign);
}

INSTANTIATE_TEST_SUITE_P(Campaigns, CampaignColumnTest,
                         ::testing::Values(1, 2, 3, 255, 256, 65'535, 65'536, 1'000'000,
                                           kMaxCampaigns));

}  // namespace
}  // namespace oasis
