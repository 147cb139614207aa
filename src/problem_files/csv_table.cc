#include "problem_files/csv_table.h"

#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"

namespace oasis::problem_files {
namespace {

constexpr size_t kMaxDigits = 32;  // of the shortest form of any double

template <typename Value>
void AppendNumber(Value number, std::string* cell) {
  if (!std::isfinite(number)) return;
  char digits[kMaxDigits];
  const auto end = std::to_chars(digits, digits + kMaxDigits, number);
  cell->append(digits, end.ptr);
}

}  // namespace

absl::StatusOr<CsvTable> CsvTable::Create(const std::filesystem::path& path, absl::string_view head,
                                          Compression compression) {
  OASIS_ASSIGN_OR_RETURN(auto lines, records::LineWriter::Create(path, compression));
  lines.buffer() = absl::StrCat(head, "\n");
  return CsvTable(std::move(lines));
}

std::string& CsvTable::Cell() {
  if (row_begun_) lines_.buffer().push_back(',');
  row_begun_ = true;
  return lines_.buffer();
}

CsvTable& CsvTable::Text(absl::string_view text) {
  std::string& cell = Cell();
  if (text.find_first_of(",\"") == absl::string_view::npos) {
    cell.append(text.data(), text.size());
    return *this;
  }
  cell.push_back('"');
  for (const char c : text) {
    if (c == '"') cell.push_back('"');
    cell.push_back(c);
  }
  cell.push_back('"');
  return *this;
}

CsvTable& CsvTable::Number(double number) {
  AppendNumber(number, &Cell());
  return *this;
}

CsvTable& CsvTable::Number(float number) {
  AppendNumber(number, &Cell());
  return *this;
}

absl::Status CsvTable::EndRow() {
  row_begun_ = false;
  return lines_.EndRow();
}

absl::Status CsvTable::Close() { return lines_.Close().status(); }

}  // namespace oasis::problem_files
