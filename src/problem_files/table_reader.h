// The rows of one table, with columns by name and values by kind.
#ifndef OASIS_PROBLEM_FILES_TABLE_READER_H_
#define OASIS_PROBLEM_FILES_TABLE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "oasis/problem_files.h"
#include "records/bad_rows.h"
#include "records/field_values.h"
#include "records/record_reader.h"

namespace oasis::problem_files {

struct Column {
  absl::string_view name;
  bool required = false;
};
using Columns = absl::Span<const Column>;

// What all tables of one reading share.
struct Reading {
  const ProblemProgress& progress;
  records::BadRows faults{0};
  int64_t bytes_before = 0;  // of the files that were read to the end
  int64_t bytes_total = 0;
};

// Columns are named by their place in the list that Open was given. What is wrong with a value goes
// to the faults at once, and the row is not good(); a value that cannot be had is empty or as
// given. Reading good rows allocates nothing. Not thread-safe.
class TableReader {
 public:
  struct OtherColumn {
    std::string name;
    size_t place;  // for OtherNumber
  };

  // InvalidArgument, with file and line, for a file that is no table, where a required column is
  // missing, and for columns that are not in the list unless `others` takes them.
  static absl::StatusOr<TableReader> Open(const std::string& path, Columns columns,
                                          Reading* reading,
                                          std::vector<OtherColumn>* others = nullptr);

  // False at the end. Lines that are no row are reported and passed over. REQUIRES: no call after
  // the end.
  absl::StatusOr<bool> Next();

  int64_t line() const { return record_.line; }
  int64_t header_line() const { return records_->header_line(); }
  const std::string& path() const { return records_->path(); }
  bool lost_rows() const { return lost_rows_; }  // lines that were no row
  bool has(size_t column) const { return places_[column] >= 0; }

  // Of the row that Next went to.
  bool good() const { return good_; }
  void Fault(absl::string_view fault);

  absl::string_view Text(size_t column);          // must be there
  absl::string_view OptionalText(size_t column);  // may be empty
  absl::string_view Name(size_t column);          // may be empty; by the rule for campaigns' names
  absl::string_view Any(size_t column);           // empty when it is "*", too

  template <typename Number>
  void ReadNumber(size_t column, Number* number) {
    Note(records::ReadNumber(columns_[column].name, FieldAt(column), number));
  }
  // `*number` stays as it is where there is none.
  template <typename Number>
  void ReadOptionalNumber(size_t column, Number* number) {
    if (!IsEmpty(column)) ReadNumber(column, number);
  }
  void ReadOtherNumber(const OtherColumn& column, float* number);

  // One of a few words, each with its value; `*value` stays as it is where there is none, which is
  // a fault if the column is required.
  template <typename Value>
  void ReadWord(size_t column, absl::Span<const std::pair<absl::string_view, Value>> words,
                Value* value) {
    const absl::string_view text = columns_[column].required ? Text(column) : OptionalText(column);
    if (text.empty()) return;
    for (const auto& [word, meaning] : words) {
      if (word != text) continue;
      *value = meaning;
      return;
    }
    std::vector<absl::string_view> known;
    for (const auto& [word, meaning] : words) known.push_back(word);
    FaultOfWord(column, text, known);
  }

  bool IsEmpty(size_t column) const;

 private:
  TableReader(std::unique_ptr<records::RecordReader> records, Columns columns, Reading* reading);

  absl::Status Bind(std::vector<OtherColumn>* others);
  const records::Field& FieldAt(size_t column) const;
  void Note(const std::string& fault) {
    if (!fault.empty()) Fault(fault);
  }
  void FaultOfWord(size_t column, absl::string_view text,
                   const std::vector<absl::string_view>& known);

  std::unique_ptr<records::RecordReader> records_;
  Columns columns_;
  Reading* reading_;
  std::vector<int> places_;  // of the columns in a record; -1: not there
  records::Record record_;
  int64_t records_read_ = 0;
  bool good_ = true;
  bool lost_rows_ = false;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_TABLE_READER_H_
