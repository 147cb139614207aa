// JSON lines, one flat object each, as records.
#ifndef OASIS_RECORDS_JSON_READER_H_
#define OASIS_RECORDS_JSON_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "records/line_reader.h"
#include "records/record_reader.h"

namespace oasis::records {

// The keys of the first line are the columns; a later line with another key is bad, unless the key
// is one of the `optional` ones.
class JsonReader : public RecordReader {
 public:
  // `first` is the first line of `lines` that is not blank.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Create(
      LineReader lines, const Line& first, absl::Span<const absl::string_view> optional);

  absl::StatusOr<Outcome> Next(Record* record) override;

  const std::vector<std::string>& columns() const override { return columns_; }
  const std::string& path() const override { return lines_.path(); }
  int64_t header_line() const override { return header_line_; }
  int64_t bytes_read() const override { return lines_.bytes_read(); }

 private:
  class Handler;

  explicit JsonReader(LineReader lines) : lines_(std::move(lines)) {}

  // The fault, or an empty text with fields_ set.
  std::string Parse(const Line& line, bool new_columns);
  int AddColumn(absl::string_view name);

  LineReader lines_;
  std::vector<std::string> columns_;
  absl::flat_hash_map<std::string, int> places_;  // of columns_
  std::vector<std::string> texts_;                // what the views in fields_ point to
  std::vector<Field> fields_;
  int64_t header_line_ = 0;
  bool first_is_pending_ = true;  // the first line was parsed and not given out yet
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_JSON_READER_H_
