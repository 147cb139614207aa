// Lines of an input file, with their numbers.
#ifndef OASIS_RECORDS_LINE_READER_H_
#define OASIS_RECORDS_LINE_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "records/input_stream.h"

namespace oasis::records {

// One line without its end ("\n" or "\r\n").
struct Line {
  absl::Span<char> text;  // may be written to; valid until the next call of Next
  int64_t number = 0;     // from 1
  bool too_long = false;  // above kMaxInputLineBytes; `text` is empty then
};

// Passes over a UTF-8 byte order mark. Not thread-safe.
class LineReader {
 public:
  static absl::StatusOr<LineReader> Open(const std::string& path);

  // False at the end. Errors name file and line.
  absl::StatusOr<bool> Next(Line* line);

  const std::string& path() const { return path_; }
  int64_t bytes_read() const { return stream_.bytes_read(); }

 private:
  LineReader(std::string path, InputStream stream);

  // Makes room behind end_ and reads more there; false at the end of the file.
  absl::StatusOr<bool> ReadMore();
  absl::Status SkipRestOfLine();

  std::string path_;
  InputStream stream_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // of what was not given out yet
  size_t end_ = 0;    // of what was read
  int64_t number_ = 0;
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_LINE_READER_H_
