#include "records/csv_line.h"

#include <cstring>

namespace oasis::records {
namespace {

// Unquotes the field whose opening quote is at `*at`, moves `*at` past the closing quote.
absl::string_view Unquote(char** at, const char* end, absl::string_view* field) {
  char* const begin = *at + 1;
  char* write = begin;
  for (char* read = begin; read < end; ++read) {
    if (*read != '"') {
      *write++ = *read;
    } else if (read + 1 < end && read[1] == '"') {
      *write++ = '"';
      ++read;
    } else {
      *field = absl::string_view(begin, static_cast<size_t>(write - begin));
      *at = read + 1;
      return {};
    }
  }
  return "a quote is not closed in its line";
}

}  // namespace

absl::string_view SplitCsvLine(absl::Span<char> line, std::vector<absl::string_view>* fields) {
  fields->clear();
  char* at = line.data();
  char* const end = at + line.size();
  while (true) {
    if (at < end && *at == '"') {
      absl::string_view field;
      const absl::string_view fault = Unquote(&at, end, &field);
      if (!fault.empty()) return fault;
      if (at < end && *at != ',') return "a closing quote is followed by something but a comma";
      fields->push_back(field);
    } else {
      const char* start = at;
      while (at < end && *at != ',') {
        if (*at == '"') return "a quote stands inside a field that does not begin with one";
        ++at;
      }
      fields->emplace_back(start, static_cast<size_t>(at - start));
    }
    if (at == end) return {};
    ++at;
  }
}

}  // namespace oasis::records
