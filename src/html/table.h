// A table of a page.
#ifndef OASIS_HTML_TABLE_H_
#define OASIS_HTML_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

// All heads and cells are texts: they are escaped here. A head that starts with '>' is that of
// figures: its column stands to the right (as in apps/text.h).
class HtmlTable {
 public:
  explicit HtmlTable(std::vector<std::string> head);

  // A row with a tone (pass, warn or block) has its colour, and its first cell is a tag.
  void Add(std::vector<std::string> cells, absl::string_view tone = "");

  // The first `most` rows, and below how many more there are; "" for no rows.
  std::string Html(size_t most) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string tone;
  };
  std::string RowHtml(const Row& row) const;

  std::vector<bool> figures_;
  std::vector<std::string> head_;
  std::vector<Row> rows_;
};

}  // namespace oasis

#endif  // OASIS_HTML_TABLE_H_
