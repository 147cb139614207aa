#include <zstd.h>
#include <zstd_errors.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "records/decoder.h"

namespace oasis::records {
namespace {

class ZstdDecoder : public Decoder {
 public:
  absl::StatusOr<size_t> Decode(absl::string_view* in, char* out, size_t capacity) override {
    if (stream_ == nullptr) return absl::ResourceExhaustedError("no memory for zstd decompression");
    ZSTD_inBuffer input = {in->data(), in->size(), 0};
    ZSTD_outBuffer output = {out, capacity, 0};
    const size_t result = ZSTD_decompressStream(stream_.get(), &output, &input);
    if (ZSTD_isError(result) != 0) {
      if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
        return absl::InvalidArgumentError(
            "zstd window above 128 MiB: compress without --long=28 or more");
      }
      return absl::DataLossError(absl::StrCat("damaged zstd data: ", ZSTD_getErrorName(result)));
    }
    in->remove_prefix(input.pos);
    if (input.pos > 0 || output.pos > 0) between_frames_ = result == 0;
    return output.pos;
  }

  bool MayEnd() const override { return between_frames_; }
  absl::string_view format() const override { return "zstd"; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_{ZSTD_createDStream()};
  bool between_frames_ = false;
};

}  // namespace

std::unique_ptr<Decoder> NewZstdDecoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace oasis::records
