#include "snapshot/campaign_lines.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

// So many that several threads write and read them, in pieces.
std::vector<Campaign> ManyCampaigns() {
  std::vector<Campaign> campaigns;
  for (int i = 0; i < 30'000; ++i) {
    campaigns.push_back({absl::StrCat("campaign ", i), "Label Å", SampleTime()});
  }
  return campaigns;
}

TEST(CampaignLinesTest, ReadsAsManyCampaignsAsItWrote) {
  const std::string after = absl::StrCat(kAfterCampaigns, ",\n  \"files\": []\n}\n");
  const std::string lines = WriteCampaignLines(ManyCampaigns()) + after;
  absl::string_view text = lines;
  std::vector<Campaign> read;
  ASSERT_TRUE(ReadCampaignLines(&text, &read));
  EXPECT_TRUE(read == ManyCampaigns());
  EXPECT_EQ(text, after);
}

TEST(CampaignLinesTest, LeavesWhatIsInAnotherFormToAJsonLibrary) {
  const std::string lines = WriteCampaignLines(ManyCampaigns());
  for (const char* number : {"0", "15000", "29999"}) {
    std::string changed = lines;
    changed.insert(changed.find(absl::StrCat("campaign ", number, "\"")), "\\u0041");
    absl::string_view text = changed;
    std::vector<Campaign> read;
    EXPECT_FALSE(ReadCampaignLines(&text, &read)) << number;
  }
}

}  // namespace
}  // namespace oasis::testing
