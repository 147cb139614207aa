// Which line of which file each row of a table came from.
#ifndef OASIS_PROBLEM_FILES_ROW_LINES_H_
#define OASIS_PROBLEM_FILES_ROW_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace oasis::problem_files {

// Rows on lines that follow upon each other are kept as one, so that millions take no memory.
class RowLines {
 public:
  // Of the rows that are added next.
  void StartFile(const std::string& path);

  // The next row stands at `line`. REQUIRES: StartFile was called.
  void Add(int64_t line) {
    if (line != next_line_) StartRun(line);
    next_line_ = line + 1;
    ++rows_;
  }

  // "problem/edges.csv:17"; of a row that is not there the first file, or nothing.
  std::string PlaceOf(int64_t row) const;

 private:
  struct Run {
    int64_t row;
    int64_t line;
    size_t file;
  };
  void StartRun(int64_t line);

  std::vector<std::string> files_;
  std::vector<Run> runs_;
  int64_t rows_ = 0;
  int64_t next_line_ = -1;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_ROW_LINES_H_
