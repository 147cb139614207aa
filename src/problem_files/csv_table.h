// A table that is written as CSV.
#ifndef OASIS_PROBLEM_FILES_CSV_TABLE_H_
#define OASIS_PROBLEM_FILES_CSV_TABLE_H_

#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/compression.h"
#include "records/line_writer.h"

namespace oasis::problem_files {

// Cells of a row one after another, then EndRow. Not thread-safe.
class CsvTable {
 public:
  static absl::StatusOr<CsvTable> Create(const std::filesystem::path& path, absl::string_view head,
                                         Compression compression = Compression::kNone);

  // Quoted where it must be. REQUIRES: no line break in it.
  CsvTable& Text(absl::string_view text);

  // As few digits as give back the very same number; nothing for an infinite one.
  CsvTable& Number(double number);
  CsvTable& Number(float number);

  absl::Status EndRow();
  absl::Status Close();

 private:
  explicit CsvTable(records::LineWriter lines) : lines_(std::move(lines)) {}
  std::string& Cell();

  records::LineWriter lines_;
  bool row_begun_ = false;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_CSV_TABLE_H_
