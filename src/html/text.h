// Text as it stands in an HTML page.
#ifndef OASIS_HTML_TEXT_H_
#define OASIS_HTML_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace oasis {

// Between tags, and in attributes within quotation marks.
std::string HtmlText(absl::string_view text);

// At most so many bytes and "…": for places that do not break lines. Never half of a character
// of UTF-8. Not yet escaped.
std::string ShortText(absl::string_view text, size_t most);

}  // namespace oasis

#endif  // OASIS_HTML_TEXT_H_
