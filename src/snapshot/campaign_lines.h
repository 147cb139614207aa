// The list of campaigns as it stands in a manifest, one a line. It is nearly all of a large
// manifest, and a JSON library would take longer for it than a load takes for the rows.
#ifndef OASIS_SNAPSHOT_CAMPAIGN_LINES_H_
#define OASIS_SNAPSHOT_CAMPAIGN_LINES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "oasis/table.h"
#include "snapshot/checksum.h"

namespace oasis {

// Each campaign as a JSON object without spaces, with a comma and kBetweenLines between two.
// No string of JSON has a newline in it, so what comes after the last line is in none of them.
inline constexpr absl::string_view kBetweenLines = "\n    ";
inline constexpr absl::string_view kAfterCampaigns = "\n  ]";

// Both with a thread a CPU where there are many.
std::string WriteCampaignLines(const std::vector<Campaign>& campaigns);

// Takes the lines up to kAfterCampaigns off the front of `text`. False when there are none, or one
// is not in the very form of WriteCampaignLines: that may be right too, and is for a JSON library.
// The texts in them are not checked.
[[nodiscard]] bool ReadCampaignLines(absl::string_view* text, std::vector<Campaign>* campaigns);

// The checksum of lines as JSON without any spaces.
void UpdateWithoutSpaces(absl::string_view lines, StreamingChecksum* checksum);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_CAMPAIGN_LINES_H_
