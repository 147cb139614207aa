// A file that is written once from front to end, compressed or not.
#ifndef OASIS_RECORDS_OUTPUT_FILE_H_
#define OASIS_RECORDS_OUTPUT_FILE_H_

#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/compression.h"

namespace oasis {

// ".gz", ".zst" or nothing.
absl::string_view CompressionSuffix(Compression compression);

// Not thread-safe. Pass big pieces: every Write goes to the compressor or the file as it is.
class OutputFile {
 public:
  // Replaces what was at `path`. Errors name the file and the reason the system gives.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::filesystem::path& path,
                                                            Compression compression);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  absl::Status Write(absl::string_view bytes);

  // Ends the compressed stream and closes the file; returns its size. A file that is not closed is
  // not whole, and is removed.
  absl::StatusOr<int64_t> Close();

 private:
  class Codec;
  class Gzip;
  class Zstd;

  OutputFile(std::filesystem::path path, int fd);
  absl::Status WriteRaw(absl::string_view bytes);

  std::filesystem::path path_;
  int fd_;
  int64_t bytes_ = 0;
  std::unique_ptr<Codec> codec_;  // null: no compression
};

}  // namespace oasis

#endif  // OASIS_RECORDS_OUTPUT_FILE_H_
