// What both formats ask of a line before they look into it.
#ifndef OASIS_RECORDS_TEXT_RULES_H_
#define OASIS_RECORDS_TEXT_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "records/line_reader.h"

namespace oasis::records {

inline absl::string_view TextOf(const Line& line) { return {line.text.data(), line.text.size()}; }

bool IsBlank(const Line& line);

// Why the line cannot be looked into (too long, not UTF-8), or an empty text.
std::string LineFault(const Line& line);

// A value of the input as a message may show it: escaped, quoted, cut.
std::string Shown(absl::string_view value);

// InvalidArgument when a name is empty or there twice.
absl::Status ValidateColumns(const std::vector<std::string>& columns);

}  // namespace oasis::records

#endif  // OASIS_RECORDS_TEXT_RULES_H_
