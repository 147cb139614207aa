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
inline constexpr absl::string_view kBetweenLines = "\n    ";
std::string WriteCampaignLines(const std::vector<Campaign>& campaigns);

// Takes such lines off the front of `text`. False when it does not begin with one, or with one that
// is not in the very form of WriteCampaignLines: that may be right too, and is for a JSON library.
// The texts in them are not checked.
[[nodiscard]] bool ReadCampaignLines(absl::string_view* text, std::vector<Campaign>* campaigns);

// The checksum of lines as JSON without any spaces.
void UpdateWithoutSpaces(absl::string_view lines, StreamingChecksum* checksum);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_CAMPAIGN_LINES_H_
