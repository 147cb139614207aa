// The fields of one line of CSV, by RFC 4180.
#ifndef OASIS_RECORDS_CSV_LINE_H_
#define OASIS_RECORDS_CSV_LINE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace oasis::records {

// Splits `line` at its commas into `fields`, views into it; quoted fields are unquoted where they
// stand. A quoted field cannot go on in the next line. Returns what is wrong, or an empty text.
absl::string_view SplitCsvLine(absl::Span<char> line, std::vector<absl::string_view>* fields);

}  // namespace oasis::records

#endif  // OASIS_RECORDS_CSV_LINE_H_
