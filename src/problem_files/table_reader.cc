#include "problem_files/table_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/context.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/text_rules.h"
#include "score/nearest_name.h"

namespace oasis::problem_files {
namespace {

using records::Field;
using records::Outcome;
using records::Shown;

std::vector<absl::string_view> NamesOf(Columns columns, bool optional_only) {
  std::vector<absl::string_view> names;
  for (const Column& column : columns) {
    if (!optional_only || !column.required) names.push_back(column.name);
  }
  return names;
}

}  // namespace

absl::StatusOr<TableReader> TableReader::Open(const std::string& path, Columns columns,
                                              Reading* reading, std::vector<OtherColumn>* others) {
  OASIS_ASSIGN_OR_RETURN(auto records, records::RecordReader::Open(path, NamesOf(columns, true)));
  TableReader reader(std::move(records), columns, reading);
  OASIS_RETURN_IF_ERROR(
      Annotate(reader.Bind(others), absl::StrCat(path, ":", reader.header_line())));
  return reader;
}

TableReader::TableReader(std::unique_ptr<records::RecordReader> records, Columns columns,
                         Reading* reading)
    : records_(std::move(records)),
      columns_(columns),
      reading_(reading),
      places_(columns.size(), -1) {}

absl::Status TableReader::Bind(std::vector<OtherColumn>* others) {
  const std::vector<absl::string_view> known = NamesOf(columns_, false);
  std::vector<std::string> wrong;
  for (size_t i = 0; i < records_->columns().size(); ++i) {
    const std::string& name = records_->columns()[i];
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) {
      places_[static_cast<size_t>(found - known.begin())] = static_cast<int>(i);
    } else if (others != nullptr) {
      others->push_back({name, i});
    } else {
      wrong.push_back(absl::StrCat("unknown column ", Shown(name), "; was ",
                                   NearestName(name, known), " meant?"));
    }
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].required && places_[i] < 0) {
      wrong.push_back(absl::StrCat("missing column ", columns_[i].name));
    }
  }
  if (wrong.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(absl::StrJoin(wrong, "; "), ". The columns are ", absl::StrJoin(known, ", ")));
}

absl::StatusOr<bool> TableReader::Next() {
  good_ = true;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const Outcome outcome, records_->Next(&record_));
    if (++records_read_ % kProgressEveryLines == 0 || outcome == Outcome::kEnd) {
      const int64_t done = reading_->bytes_before + records_->bytes_read();
      if (outcome == Outcome::kEnd) reading_->bytes_before = done;
      if (reading_->progress) {
        OASIS_RETURN_IF_ERROR(reading_->progress(done, reading_->bytes_total));
      }
    }
    if (outcome == Outcome::kEnd) return false;
    if (outcome == Outcome::kGood) return true;
    Fault(record_.fault);
    good_ = true;
    lost_rows_ = true;
  }
}

void TableReader::Fault(absl::string_view fault) {
  reading_->faults.Add(path(), line(), fault);
  good_ = false;
}

const Field& TableReader::FieldAt(size_t column) const {
  static const Field absent;
  const int place = places_[column];
  return place < 0 ? absent : record_.fields[static_cast<size_t>(place)];
}

bool TableReader::IsEmpty(size_t column) const {
  const Field& field = FieldAt(column);
  return field.kind == Field::Kind::kAbsent || field.kind == Field::Kind::kNull ||
         (field.kind != Field::Kind::kNumber && field.text.empty());
}

absl::string_view TableReader::Text(size_t column) {
  absl::string_view text;
  Note(records::ReadText(columns_[column].name, FieldAt(column), &text));
  return text;
}

absl::string_view TableReader::OptionalText(size_t column) {
  absl::string_view text;
  Note(records::ReadOptionalText(columns_[column].name, FieldAt(column), &text));
  return text;
}

absl::string_view TableReader::Name(size_t column) {
  const absl::string_view name = OptionalText(column);
  Note(records::NameFault(columns_[column].name, name));
  return name;
}

absl::string_view TableReader::Any(size_t column) {
  const absl::string_view text = OptionalText(column);
  return text == kAny ? absl::string_view() : text;
}

void TableReader::ReadOtherNumber(const OtherColumn& column, float* number) {
  Note(records::ReadNumber(column.name, record_.fields[column.place], number));
}

void TableReader::FaultOfWord(size_t column, absl::string_view text,
                              const std::vector<absl::string_view>& known) {
  Fault(absl::StrCat(columns_[column].name, " is ", Shown(text), ", which is none of ",
                     absl::StrJoin(known, ", "), "; was ", NearestName(text, known), " meant?"));
}

}  // namespace oasis::problem_files
