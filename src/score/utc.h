// Times as people and files write them.
#ifndef OASIS_SCORE_UTC_H_
#define OASIS_SCORE_UTC_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace oasis {

std::string FormatUtc(absl::Time time);  // RFC 3339, UTC, ends in Z

// Whether RFC 3339 can write it: years 0 to 9999.
bool IsWritableTime(absl::Time time);

// What absl::ParseDuration reads, and days before it: "500ms", "36h", "7d", "1d12h", "inf".
std::optional<absl::Duration> ParseSpan(absl::string_view text);

}  // namespace oasis

#endif  // OASIS_SCORE_UTC_H_
