// The frame and the look of the pages that Oasis writes: light and dark, on narrow screens and on
// paper. A page refers to nothing outside itself.
#ifndef OASIS_HTML_PAGE_H_
#define OASIS_HTML_PAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

// A whole page. `title` is text; `style` is CSS of this page alone, `body` HTML, and so is `head`,
// more for <head>. Classes of every page: banner, tag (each with pass, warn or block), figure,
// charts, key; its colours are the variables in page_style.cc.
std::string HtmlPage(absl::string_view title, absl::string_view style, absl::string_view body,
                     absl::string_view head = "");

// Of every page, for HtmlPage.
extern const char kPageStyle[];

// A drawing below its title (text) and a note (HTML, may be empty).
std::string HtmlFigure(absl::string_view title, absl::string_view note, absl::string_view drawing);

// Content (HTML) that opens when the summary (text) is clicked; "" for no content.
std::string HtmlDetails(absl::string_view summary, absl::string_view content);

// What the colours of a drawing say: CSS classes, each with its meaning (text).
std::string HtmlKeys(const std::vector<std::pair<std::string, std::string>>& keys);

}  // namespace oasis

#endif  // OASIS_HTML_PAGE_H_
