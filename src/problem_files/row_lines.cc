#include "problem_files/row_lines.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace oasis::problem_files {

void RowLines::StartFile(const std::string& path) {
  files_.push_back(path);
  next_line_ = -1;
}

void RowLines::StartRun(int64_t line) { runs_.push_back({rows_, line, files_.size() - 1}); }

std::string RowLines::PlaceOf(int64_t row) const {
  if (row >= rows_) return files_.empty() ? "" : files_.front();
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), row,
                                      [](int64_t r, const Run& run) { return r < run.row; });
  const Run& run = *(after - 1);
  return absl::StrCat(files_[run.file], ":", run.line + row - run.row);
}

}  // namespace oasis::problem_files
