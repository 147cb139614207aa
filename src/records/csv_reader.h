// CSV with a header, as records.
#ifndef OASIS_RECORDS_CSV_READER_H_
#define OASIS_RECORDS_CSV_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "records/line_reader.h"
#include "records/record_reader.h"

namespace oasis::records {

// The hot path of a build: no memory is allocated for a line that is well-formed.
class CsvReader : public RecordReader {
 public:
  // `header` is the first line of `lines` that is not blank.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Create(LineReader lines, const Line& header);

  absl::StatusOr<Outcome> Next(Record* record) override;

  const std::vector<std::string>& columns() const override { return columns_; }
  const std::string& path() const override { return lines_.path(); }
  int64_t header_line() const override { return header_line_; }
  int64_t bytes_read() const override { return lines_.bytes_read(); }

 private:
  CsvReader(LineReader lines, std::vector<std::string> columns, int64_t header_line);

  // Empty when the line was split into as many fields as there are columns.
  std::string Split(const Line& line);

  LineReader lines_;
  std::vector<std::string> columns_;
  int64_t header_line_;
  std::vector<absl::string_view> cells_;
  std::vector<Field> fields_;
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_CSV_READER_H_
