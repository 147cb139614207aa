// The text of one input file, decompressed as it is read.
#ifndef OASIS_RECORDS_INPUT_STREAM_H_
#define OASIS_RECORDS_INPUT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "records/decoder.h"

namespace oasis::records {

// Tells plain, gzip and zstd apart by the first bytes, not by the name. Reads pipes too. Errors do
// not name the file: who reads knows the line as well. Not thread-safe.
class InputStream {
 public:
  // NotFound, PermissionDenied…; InvalidArgument for a directory, for a file of no bytes and for
  // formats that are known but not read (xz, zip, UTF-16…), with what to do.
  static absl::StatusOr<InputStream> Open(const std::string& path);

  InputStream(InputStream&& other) noexcept;
  InputStream& operator=(InputStream&&) = delete;
  ~InputStream();

  // Writes at most `capacity` bytes of text to `out` and returns how many; 0 only at the end.
  // DataLoss for compressed data that is damaged or stops too early ("truncated").
  absl::StatusOr<size_t> Read(char* out, size_t capacity);

  // Of the file as it is, compressed or not.
  int64_t bytes_read() const { return bytes_read_; }

 private:
  explicit InputStream(int fd);

  absl::Status Fill();
  absl::StatusOr<size_t> ReadSome(char* out, size_t capacity);
  absl::StatusOr<size_t> ReadDecoded(char* out, size_t capacity);

  int fd_;
  int64_t bytes_read_ = 0;
  std::vector<char> buffer_;
  absl::string_view pending_;         // bytes of buffer_ that were not used yet
  std::unique_ptr<Decoder> decoder_;  // null for plain text
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_INPUT_STREAM_H_
