#include "apps/ids_file.h"

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "oasis/status.h"
#include "records/line_reader.h"

namespace oasis {
namespace {

absl::string_view FirstColumn(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line.substr(0, line.find(',')));
  absl::ConsumePrefix(&line, "\"");
  absl::ConsumeSuffix(&line, "\"");
  return line;
}

}  // namespace

absl::Status ForEachId(const std::string& path,
                       const std::function<absl::Status(absl::string_view)>& id) {
  const std::string name = path == "-" ? "/dev/stdin" : path;
  OASIS_ASSIGN_OR_RETURN(records::LineReader reader, records::LineReader::Open(name));
  records::Line line;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, reader.Next(&line));
    if (!more) return absl::OkStatus();
    const absl::string_view text = FirstColumn({line.text.data(), line.text.size()});
    const bool head = line.number == 1 && !absl::StrContains(text, ':');
    if (text.empty() || head) continue;
    OASIS_RETURN_IF_ERROR(Annotate(id(text), absl::StrCat(name, ":", line.number)));
  }
}

}  // namespace oasis
