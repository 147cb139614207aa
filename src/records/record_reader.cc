#include "records/record_reader.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "records/csv_reader.h"
#include "records/json_reader.h"
#include "records/line_reader.h"
#include "records/text_rules.h"

namespace oasis::records {

absl::StatusOr<std::unique_ptr<RecordReader>> RecordReader::Open(
    const std::string& path, absl::Span<const absl::string_view> optional) {
  OASIS_ASSIGN_OR_RETURN(LineReader lines, LineReader::Open(path));
  Line line;
  do {
    OASIS_ASSIGN_OR_RETURN(const bool more, lines.Next(&line));
    if (!more) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": the file is empty: give one with rows"));
    }
  } while (IsBlank(line));
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(TextOf(line));
  if (!text.empty() && text[0] == '{') return JsonReader::Create(std::move(lines), line, optional);
  if (!text.empty() && text[0] == '[') {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", line.number, ": a JSON list: write one object a line"));
  }
  return CsvReader::Create(std::move(lines), line);
}

}  // namespace oasis::records
