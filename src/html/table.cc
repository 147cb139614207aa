#include "html/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "html/text.h"

namespace oasis {

HtmlTable::HtmlTable(std::vector<std::string> head) : head_(std::move(head)) {
  for (std::string& name : head_) {
    figures_.push_back(!name.empty() && name[0] == '>');
    if (figures_.back()) name.erase(0, 1);
  }
}

void HtmlTable::Add(std::vector<std::string> cells, absl::string_view tone) {
  rows_.push_back({std::move(cells), std::string(tone)});
}

std::string HtmlTable::RowHtml(const Row& row) const {
  std::string html = row.tone.empty() ? "<tr>" : absl::StrCat("<tr class=\"", row.tone, "\">");
  for (size_t i = 0; i < row.cells.size(); ++i) {
    const std::string text = HtmlText(row.cells[i]);
    if (i == 0 && !row.tone.empty()) {
      absl::StrAppend(&html, "<td><span class=\"tag ", row.tone, "\">", text, "</span></td>");
    } else {
      absl::StrAppend(&html, "<td class=\"", figures_[i] ? "figure" : "text", "\">", text, "</td>");
    }
  }
  return absl::StrCat(html, "</tr>\n");
}

std::string HtmlTable::Html(size_t most) const {
  if (rows_.empty()) return "";
  std::string html = "<div class=\"table\"><table><thead><tr>";
  for (size_t i = 0; i < head_.size(); ++i) {
    absl::StrAppend(&html, figures_[i] ? "<th class=\"figure\">" : "<th>", HtmlText(head_[i]),
                    "</th>");
  }
  absl::StrAppend(&html, "</tr></thead><tbody>\n");
  const size_t shown = std::min(most, rows_.size());
  for (size_t i = 0; i < shown; ++i) absl::StrAppend(&html, RowHtml(rows_[i]));
  absl::StrAppend(&html, "</tbody></table></div>\n");
  if (shown < rows_.size()) {
    absl::StrAppend(&html, "<p>And ", rows_.size() - shown, " more.</p>\n");
  }
  return html;
}

}  // namespace oasis
