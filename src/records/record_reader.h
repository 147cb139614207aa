// Records of named fields from a file of CSV or JSON lines, before anyone knows what they mean.
#ifndef OASIS_RECORDS_RECORD_READER_H_
#define OASIS_RECORDS_RECORD_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace oasis::records {

struct Field {
  enum class Kind : uint8_t {
    kAbsent,  // JSON: no such key in this line
    kNull,    // JSON
    kCell,    // CSV: text that may stand for a number
    kString,  // JSON
    kNumber,  // JSON
  };
  Kind kind = Kind::kAbsent;
  absl::string_view text;  // of kCell, kString, and of kNumber as it is written
  double number = 0;       // of kNumber
};

// One line. Views are valid until the next call of RecordReader::Next.
struct Record {
  int64_t line = 0;
  absl::Span<const Field> fields;  // one a column, in the order of RecordReader::columns()
  std::string fault;               // of a bad line: why
};

// What one call of Next met.
enum class Outcome { kGood, kBad, kEnd };

// Not thread-safe.
class RecordReader {
 public:
  // JSON lines when the first byte that is no space is a '{', CSV with a header else. `optional`
  // are the columns that later lines of JSON may have although the first has not. InvalidArgument
  // when there is no header or first object, or a column's name is empty or repeated.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Open(
      const std::string& path, absl::Span<const absl::string_view> optional);

  virtual ~RecordReader() = default;

  // Blank lines are passed over. The status is for the file: it cannot be read on, or is truncated.
  virtual absl::StatusOr<Outcome> Next(Record* record) = 0;

  // Those of the header, or of the first line of JSON.
  virtual const std::vector<std::string>& columns() const = 0;
  virtual const std::string& path() const = 0;
  virtual int64_t header_line() const = 0;
  virtual int64_t bytes_read() const = 0;
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_RECORD_READER_H_
