#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "records/decoder.h"

namespace oasis::records {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // the largest window, gzip framing only

uInt Clip(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
}

class GzipDecoder : public Decoder {
 public:
  GzipDecoder() { ready_ = inflateInit2(&stream_, kGzipWindowBits) == Z_OK; }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  absl::StatusOr<size_t> Decode(absl::string_view* in, char* out, size_t capacity) override {
    if (!ready_) return absl::ResourceExhaustedError("no memory for gzip decompression");
    if (between_members_) {
      // Tape and block devices pad with zeros; gzip itself passes over them too.
      while (!in->empty() && in->front() == '\0') in->remove_prefix(1);
      if (in->empty()) return 0;
      inflateReset(&stream_);
      between_members_ = false;
    }
    // zlib's input is not const by its C declaration only.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in->data()));
    stream_.avail_in = Clip(in->size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = Clip(capacity);
    const uInt given_in = stream_.avail_in;
    const uInt given_out = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    in->remove_prefix(given_in - stream_.avail_in);
    if (result == Z_STREAM_END) {
      between_members_ = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return absl::DataLossError(
          absl::StrCat("damaged gzip data: ", stream_.msg != nullptr ? stream_.msg : "zlib error"));
    }
    return given_out - stream_.avail_out;
  }

  bool MayEnd() const override { return between_members_; }
  absl::string_view format() const override { return "gzip"; }

 private:
  z_stream stream_ = {};
  bool ready_ = false;
  bool between_members_ = false;
};

}  // namespace

std::unique_ptr<Decoder> NewGzipDecoder() { return std::make_unique<GzipDecoder>(); }

}  // namespace oasis::records
