#include "records/output_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"

namespace oasis {
namespace {

// Test data is written once and read once: speed before size.
constexpr int kGzipLevel = 1;
constexpr int kGzipWindow = 15 + 16;  // 16: with the gzip header, whose time stays 0
constexpr int kZstdLevel = 1;
constexpr size_t kBufferBytes = 256 * 1024;

}  // namespace

class OutputFile::Codec {
 public:
  virtual ~Codec() = default;
  virtual absl::Status Put(absl::string_view bytes, bool last, OutputFile& file) = 0;

 protected:
  std::array<char, kBufferBytes> buffer_;
};

class OutputFile::Gzip final : public Codec {
 public:
  Gzip() { deflateInit2(&stream_, kGzipLevel, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY); }
  ~Gzip() override { deflateEnd(&stream_); }

  absl::Status Put(absl::string_view bytes, bool last, OutputFile& file) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      OASIS_RETURN_IF_ERROR(
          file.WriteRaw(absl::string_view(buffer_.data(), buffer_.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0);
    return absl::OkStatus();
  }

 private:
  z_stream stream_ = {};
};

class OutputFile::Zstd final : public Codec {
 public:
  Zstd() : context_(ZSTD_createCCtx()) {
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~Zstd() override { ZSTD_freeCCtx(context_); }

  absl::Status Put(absl::string_view bytes, bool last, OutputFile& file) override {
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    size_t left = 0;
    do {
      ZSTD_outBuffer out = {buffer_.data(), buffer_.size(), 0};
      left = ZSTD_compressStream2(context_, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left) != 0) {
        return absl::InternalError(
            absl::StrCat(file.path_.string(), ": zstd: ", ZSTD_getErrorName(left)));
      }
      OASIS_RETURN_IF_ERROR(file.WriteRaw(absl::string_view(buffer_.data(), out.pos)));
    } while (in.pos < in.size || (last && left != 0));
    return absl::OkStatus();
  }

 private:
  ZSTD_CCtx* context_;
};

absl::string_view CompressionSuffix(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return "";
    case Compression::kGzip:
      return ".gz";
    case Compression::kZstd:
      return ".zst";
  }
  return "";
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::filesystem::path& path,
                                                               Compression compression) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path.string()));
  std::unique_ptr<OutputFile> file(new OutputFile(path, fd));
  if (compression == Compression::kGzip) file->codec_ = std::make_unique<Gzip>();
  if (compression == Compression::kZstd) file->codec_ = std::make_unique<Zstd>();
  return file;
}

OutputFile::OutputFile(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}

OutputFile::~OutputFile() {
  if (fd_ < 0) return;
  close(fd_);
  unlink(path_.c_str());
}

absl::Status OutputFile::Write(absl::string_view bytes) {
  return codec_ == nullptr ? WriteRaw(bytes) : codec_->Put(bytes, /*last=*/false, *this);
}

absl::StatusOr<int64_t> OutputFile::Close() {
  if (codec_ != nullptr) OASIS_RETURN_IF_ERROR(codec_->Put("", /*last=*/true, *this));
  if (close(std::exchange(fd_, -1)) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path_.string()));
  }
  return bytes_;
}

absl::Status OutputFile::WriteRaw(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return absl::ErrnoToStatus(
          errno, absl::StrCat("cannot write ", path_.string(), " after ", bytes_, " bytes"));
    }
    bytes_ += written;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace oasis
