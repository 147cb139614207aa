#include "records/text_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "records/utf8.h"

namespace oasis::records {

bool IsBlank(const Line& line) {
  return !line.too_long && std::all_of(line.text.begin(), line.text.end(), [](char c) {
    return absl::ascii_isspace(static_cast<unsigned char>(c));
  });
}

std::string LineFault(const Line& line) {
  if (line.too_long) {
    return absl::StrCat("the line is longer than ", kMaxInputLineBytes, " bytes");
  }
  const size_t good = Utf8PrefixLength(TextOf(line));
  if (good == line.text.size()) return {};
  return absl::StrCat("byte ", good + 1, " of the line is not UTF-8 (",
                      Shown(TextOf(line).substr(good, 4)), ")");
}

std::string Shown(absl::string_view value) {
  size_t size = std::min(value.size(), kMaxShownBytes);
  const size_t whole = Utf8PrefixLength(value.substr(0, size));
  if (size < value.size() && size - whole < 4) size = whole;  // not through a character
  const absl::string_view part = value.substr(0, size);
  return absl::StrCat(
      "'",
      Utf8PrefixLength(part) == part.size() ? absl::Utf8SafeCEscape(part) : absl::CHexEscape(part),
      size < value.size() ? "…" : "", "'");
}

absl::Status ValidateColumns(const std::vector<std::string>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].empty()) {
      return absl::InvalidArgumentError(absl::StrCat("column ", i + 1, " has no name"));
    }
    if (std::find(columns.begin(), columns.begin() + static_cast<ptrdiff_t>(i), columns[i]) !=
        columns.begin() + static_cast<ptrdiff_t>(i)) {
      return absl::InvalidArgumentError(
          absl::StrCat("column ", Shown(columns[i]), " is there twice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace oasis::records
