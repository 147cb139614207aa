#include "snapshot/override_words.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "records/utf8.h"
#include "score/utc.h"

namespace oasis {

std::string DescribeOverride(const Override& override) {
  std::string text = std::string(OverrideActionName(override.action));
  if (override.action != OverrideAction::kSuppress) {
    absl::StrAppendFormat(&text, " %g", override.score);
    if (!override.signal.empty()) absl::StrAppend(&text, " of ", override.signal);
  }
  if (!override.item_uri.empty()) absl::StrAppend(&text, " item ", override.item_uri);
  if (!override.campaign.empty()) absl::StrAppend(&text, " campaign '", override.campaign, "'");
  if (!override.licensor.empty()) absl::StrAppend(&text, " licensor '", override.licensor, "'");
  const auto or_any = [](const std::string& name) { return name.empty() ? "*" : name.c_str(); };
  absl::StrAppend(&text, " on ", or_any(override.surface), "/", or_any(override.market));
  absl::StrAppend(&text, " until ", FormatUtc(override.expires));
  return text;
}

std::string DescribeWithId(const Override& override) {
  return absl::StrCat(override.id, override.id.empty() ? "" : ": ", DescribeOverride(override));
}

std::string DescribeBatch(const OverrideBook::Batch& batch) {
  return absl::StrCat("batch ", batch.id, ", ", batch.size,
                      " items, the first: ", DescribeOverride(batch.first));
}

std::string OneLine(absl::string_view text, size_t most) {
  text = text.substr(0, most);
  std::string line(text.substr(0, Utf8PrefixLength(text)));
  const auto control = [](unsigned char c) { return absl::ascii_iscntrl(c); };
  std::replace_if(line.begin(), line.end(), control, '?');
  return line;
}

}  // namespace oasis
