#include "records/csv_reader.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "records/csv_line.h"
#include "records/text_rules.h"

namespace oasis::records {

absl::StatusOr<std::unique_ptr<RecordReader>> CsvReader::Create(LineReader lines,
                                                                const Line& header) {
  const std::string place = absl::StrCat(lines.path(), ":", header.number);
  std::string fault = LineFault(header);
  std::vector<absl::string_view> cells;
  if (fault.empty()) fault = std::string(SplitCsvLine(header.text, &cells));
  if (!fault.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(place, ": bad header: ", fault));
  }
  std::vector<std::string> columns(cells.begin(), cells.end());
  OASIS_RETURN_IF_ERROR(Annotate(ValidateColumns(columns), absl::StrCat(place, ": bad header")));
  return absl::WrapUnique<RecordReader>(
      new CsvReader(std::move(lines), std::move(columns), header.number));
}

CsvReader::CsvReader(LineReader lines, std::vector<std::string> columns, int64_t header_line)
    : lines_(std::move(lines)),
      columns_(std::move(columns)),
      header_line_(header_line),
      fields_(columns_.size()) {}

absl::StatusOr<Outcome> CsvReader::Next(Record* record) {
  Line line;
  do {
    OASIS_ASSIGN_OR_RETURN(const bool more, lines_.Next(&line));
    if (!more) return Outcome::kEnd;
  } while (IsBlank(line));
  record->line = line.number;
  record->fields = fields_;
  record->fault = Split(line);
  return record->fault.empty() ? Outcome::kGood : Outcome::kBad;
}

std::string CsvReader::Split(const Line& line) {
  std::string fault = LineFault(line);
  if (!fault.empty()) return fault;
  const absl::string_view quoting = SplitCsvLine(line.text, &cells_);
  if (!quoting.empty()) return std::string(quoting);
  if (cells_.size() != columns_.size()) {
    return absl::StrCat(cells_.size(), " fields where the header has ", columns_.size());
  }
  for (size_t i = 0; i < cells_.size(); ++i) fields_[i] = {Field::Kind::kCell, cells_[i], 0};
  return {};
}

}  // namespace oasis::records
