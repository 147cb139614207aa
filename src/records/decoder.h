// Decompression in pieces: one interface over gzip and zstd, for InputStream.
#ifndef OASIS_RECORDS_DECODER_H_
#define OASIS_RECORDS_DECODER_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace oasis::records {

// Not thread-safe.
class Decoder {
 public:
  virtual ~Decoder() = default;

  // Takes bytes off the front of `*in` and writes at most `capacity` decompressed ones to `out`;
  // returns how many. 0 with an empty `*in` means that it needs more. DataLoss on damaged data.
  virtual absl::StatusOr<size_t> Decode(absl::string_view* in, char* out, size_t capacity) = 0;

  // Whether the compressed data may end where Decode stands: false means it was cut off.
  virtual bool MayEnd() const = 0;

  virtual absl::string_view format() const = 0;
};

// Several members (gzip) or frames (zstd) one after another are read as one text.
std::unique_ptr<Decoder> NewGzipDecoder();
std::unique_ptr<Decoder> NewZstdDecoder();

}  // namespace oasis::records

#endif  // OASIS_RECORDS_DECODER_H_
