#include "records/json_reader.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/status.h"
#include "records/text_rules.h"

namespace oasis::records {

// Takes nlohmann's events of one line. An event that returns false ends the parse.
class JsonReader::Handler {
 public:
  Handler(JsonReader* reader, bool new_columns) : reader_(reader), new_columns_(new_columns) {}

  const std::string& fault() const { return fault_; }

  bool null() { return Set(Field::Kind::kNull, 0, "null"); }
  bool boolean(bool value) {
    return Fail(absl::StrCat("key ", Shown(column()), " is ", value ? "true" : "false",
                             ", which is neither text nor a number"));
  }
  bool number_integer(int64_t value) {
    return Set(Field::Kind::kNumber, static_cast<double>(value), absl::StrCat(value));
  }
  bool number_unsigned(uint64_t value) {
    return Set(Field::Kind::kNumber, static_cast<double>(value), absl::StrCat(value));
  }
  bool number_float(double value, const std::string& text) {
    return Set(Field::Kind::kNumber, value, text);
  }
  bool string(const std::string& value) { return Set(Field::Kind::kString, 0, value); }
  bool binary(const nlohmann::json::binary_t&) { return Fail("it is not text"); }
  bool start_object(size_t) {
    if (inside_) return Nested();
    inside_ = true;
    return true;
  }
  bool key(const std::string& name) {
    const auto found = reader_->places_.find(name);
    if (found != reader_->places_.end()) {
      place_ = found->second;
      if (reader_->fields_[static_cast<size_t>(place_)].kind == Field::Kind::kAbsent) return true;
      return Fail(absl::StrCat("key ", Shown(name), " is there twice"));
    }
    if (!new_columns_) {
      return Fail(absl::StrCat("unknown key ", Shown(name), ": the first line has ",
                               absl::StrJoin(reader_->columns_, ", ")));
    }
    place_ = reader_->AddColumn(name);
    return true;
  }
  bool end_object() { return true; }
  bool start_array(size_t) { return Nested(); }
  bool end_array() { return true; }
  bool parse_error(size_t position, const std::string& last, const nlohmann::json::exception& e) {
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while…"
    const absl::string_view what = e.what();
    const size_t reason = what.find("syntax error");
    return Fail(absl::StrCat("byte ", position, ": not JSON: ",
                             reason != absl::string_view::npos ? what.substr(reason) : what,
                             " near ", Shown(last)));
  }

 private:
  const std::string& column() const { return reader_->columns_[static_cast<size_t>(place_)]; }

  bool Set(Field::Kind kind, double number, absl::string_view text) {
    std::string& kept = reader_->texts_[static_cast<size_t>(place_)];
    kept.assign(text.data(), text.size());
    reader_->fields_[static_cast<size_t>(place_)] = {kind, {}, number};
    return true;
  }
  bool Nested() {
    return Fail(absl::StrCat("key ", Shown(column()), " holds a list or an object: write one flat ",
                             "object a line"));
  }
  bool Fail(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  JsonReader* reader_;
  bool new_columns_;
  bool inside_ = false;
  int place_ = 0;
  std::string fault_;
};

absl::StatusOr<std::unique_ptr<RecordReader>> JsonReader::Create(
    LineReader lines, const Line& first, absl::Span<const absl::string_view> optional) {
  auto reader = absl::WrapUnique(new JsonReader(std::move(lines)));
  reader->header_line_ = first.number;
  std::string fault = reader->Parse(first, /*new_columns=*/true);
  if (!fault.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(reader->path(), ":", first.number, ": ", fault,
                     " (the first line says which columns there are: it must be right)"));
  }
  OASIS_RETURN_IF_ERROR(
      Annotate(ValidateColumns(reader->columns_), absl::StrCat(reader->path(), ":", first.number)));
  for (absl::string_view name : optional) {
    if (!reader->places_.contains(name)) reader->AddColumn(name);
  }
  return std::unique_ptr<RecordReader>(std::move(reader));
}

absl::StatusOr<Outcome> JsonReader::Next(Record* record) {
  record->fault.clear();
  if (first_is_pending_) {
    first_is_pending_ = false;
    record->line = header_line_;
  } else {
    Line line;
    do {
      OASIS_ASSIGN_OR_RETURN(const bool more, lines_.Next(&line));
      if (!more) return Outcome::kEnd;
    } while (IsBlank(line));
    record->line = line.number;
    record->fault = Parse(line, /*new_columns=*/false);
  }
  for (size_t i = 0; i < fields_.size(); ++i) fields_[i].text = texts_[i];
  record->fields = fields_;
  return record->fault.empty() ? Outcome::kGood : Outcome::kBad;
}

std::string JsonReader::Parse(const Line& line, bool new_columns) {
  std::string fault = LineFault(line);
  if (!fault.empty()) return fault;
  const absl::string_view text = TextOf(line);
  if (text.find('{') != text.find_first_not_of(" \t")) return "it is not a JSON object";
  for (Field& field : fields_) field = Field();
  Handler handler(this, new_columns);
  nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
  return handler.fault();
}

int JsonReader::AddColumn(absl::string_view name) {
  const int place = static_cast<int>(columns_.size());
  columns_.emplace_back(name);
  places_.emplace(name, place);
  texts_.emplace_back();
  fields_.emplace_back();
  return place;
}

}  // namespace oasis::records
