#include "html/page.h"

#include "absl/strings/str_cat.h"
#include "html/text.h"

namespace oasis {

std::string HtmlPage(absl::string_view title, absl::string_view style, absl::string_view body,
                     absl::string_view head) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
      head, "<title>", HtmlText(title), "</title>\n<style>", kPageStyle, style,
      "</style></head>\n<body>\n<h1>", HtmlText(title), "</h1>\n", body, "</body></html>\n");
}

std::string HtmlFigure(absl::string_view title, absl::string_view note, absl::string_view drawing) {
  return absl::StrCat("<figure><figcaption><b>", HtmlText(title), "</b>",
                      note.empty() ? "" : "<br/>", note, "</figcaption>", drawing, "</figure>\n");
}

std::string HtmlDetails(absl::string_view summary, absl::string_view content) {
  if (content.empty()) return "";
  return absl::StrCat("<details><summary>", HtmlText(summary), "</summary>\n", content,
                      "</details>\n");
}

std::string HtmlKeys(const std::vector<std::pair<std::string, std::string>>& keys) {
  std::string html = "<span class=\"keys\">";
  for (const auto& [css, meaning] : keys) {
    absl::StrAppend(&html, "<span class=\"key ", css, "\"></span>", HtmlText(meaning));
  }
  return absl::StrCat(html, "</span>");
}

}  // namespace oasis
