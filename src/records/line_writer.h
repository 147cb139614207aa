// A file of lines, written in big pieces.
#ifndef OASIS_RECORDS_LINE_WRITER_H_
#define OASIS_RECORDS_LINE_WRITER_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "records/output_file.h"

namespace oasis::records {

// What was written.
struct WrittenFile {
  std::filesystem::path path;
  int64_t rows = 0;  // calls of EndRow
  int64_t bytes = 0;
};

// Append to buffer(), then call EndRow; a head may be put there before the first row. A file that
// is not closed is not whole, and is removed. Not thread-safe.
class LineWriter {
 public:
  static absl::StatusOr<LineWriter> Create(const std::filesystem::path& path,
                                           Compression compression);

  std::string& buffer() { return buffer_; }
  absl::Status EndRow();
  absl::StatusOr<WrittenFile> Close();

 private:
  LineWriter(const std::filesystem::path& path, std::unique_ptr<OutputFile> file);
  absl::Status Flush();

  std::unique_ptr<OutputFile> file_;
  std::string buffer_;
  WrittenFile written_;
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_LINE_WRITER_H_
