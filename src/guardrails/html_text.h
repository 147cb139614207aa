// Text as it stands in an HTML page.
#ifndef OASIS_GUARDRAILS_HTML_TEXT_H_
#define OASIS_GUARDRAILS_HTML_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace oasis {

// Between tags, and in attributes within quotation marks.
std::string HtmlText(absl::string_view text);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_HTML_TEXT_H_
