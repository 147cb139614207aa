// The campaigns file: campaign,licensor,starts_at,ends_at.
#ifndef OASIS_RECORDS_CAMPAIGNS_FILE_H_
#define OASIS_RECORDS_CAMPAIGNS_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "oasis/table.h"
#include "records/bad_rows.h"

namespace oasis::records {

// Reads CSV or JSON lines, plain or compressed. Only `campaign` is required; an absent or empty
// time is no bound. All lines are checked: InvalidArgument shows the first bad ones with file and
// line, repeated campaigns and periods that end before they start among them.
absl::StatusOr<std::vector<Campaign>> ReadCampaigns(const std::string& path);

// As above, but bad lines go to `bad_rows` and the good ones are returned.
absl::StatusOr<std::vector<Campaign>> ReadCampaigns(const std::string& path, BadRows* bad_rows);

}  // namespace oasis::records

#endif  // OASIS_RECORDS_CAMPAIGNS_FILE_H_
