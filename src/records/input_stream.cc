#include "records/input_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis::records {
namespace {

constexpr size_t kMagicBytes = 6;
constexpr absl::string_view kGzipMagic("\x1f\x8b", 2);
constexpr absl::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);

// Formats people hand over by mistake, and what to do with them.
struct Foreign {
  absl::string_view magic;
  absl::string_view name;
  absl::string_view remedy;
};
constexpr absl::string_view kRepack = "unpack it, or compress it with gzip or zstd";
constexpr absl::string_view kRecode = "write it as UTF-8";
constexpr Foreign kForeign[] = {
    {{"\xfd"
      "7zXZ",
      5},
     "an xz file",
     kRepack},
    {{"BZh", 3}, "a bzip2 file", kRepack},
    {{"PK\x03\x04", 4}, "a zip file", kRepack},
    {{"PAR1", 4}, "a Parquet file", "export it as CSV or JSON lines"},
    {{"\xff\xfe", 2}, "UTF-16 text", kRecode},
    {{"\xfe\xff", 2}, "UTF-16 text", kRecode},
};

// zstd's skippable frames (pzstd begins with one): 0x184D2A50 to 0x184D2A5F, little-endian.
bool IsSkippableFrame(absl::string_view bytes) {
  return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xF0) == 0x50 &&
         bytes.substr(1, 3) == absl::string_view("\x2a\x4d\x18", 3);
}

}  // namespace

absl::StatusOr<InputStream> InputStream::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, "cannot open it");
  InputStream stream(fd);
  struct stat info = {};
  if (fstat(fd, &info) != 0) return absl::ErrnoToStatus(errno, "cannot open it");
  if (S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError("it is a directory: name the files in it");
  }
  OASIS_RETURN_IF_ERROR(stream.Fill());
  const absl::string_view start = stream.pending_;
  if (start.empty()) return absl::InvalidArgumentError("the file is empty: give one with rows");
  for (const Foreign& foreign : kForeign) {
    if (absl::StartsWith(start, foreign.magic)) {
      return absl::InvalidArgumentError(
          absl::StrCat("it is ", foreign.name, ", which is not read: ", foreign.remedy));
    }
  }
  if (absl::StartsWith(start, kGzipMagic)) {
    stream.decoder_ = NewGzipDecoder();
  } else if (absl::StartsWith(start, kZstdMagic) || IsSkippableFrame(start)) {
    stream.decoder_ = NewZstdDecoder();
  }
  return stream;
}

InputStream::InputStream(int fd) : fd_(fd), buffer_(kInputBufferBytes) {}

InputStream::InputStream(InputStream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      bytes_read_(other.bytes_read_),
      buffer_(std::move(other.buffer_)),
      pending_(other.pending_),
      decoder_(std::move(other.decoder_)) {}

InputStream::~InputStream() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<size_t> InputStream::ReadSome(char* out, size_t capacity) {
  ssize_t got = 0;
  do {
    got = read(fd_, out, capacity);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return absl::ErrnoToStatus(errno, "cannot read it");
  bytes_read_ += got;
  return static_cast<size_t>(got);
}

// A pipe may give a file's first bytes one by one.
absl::Status InputStream::Fill() {
  size_t have = 0;
  while (have < kMagicBytes) {
    OASIS_ASSIGN_OR_RETURN(const size_t got,
                           ReadSome(buffer_.data() + have, buffer_.size() - have));
    if (got == 0) break;
    have += got;
  }
  pending_ = absl::string_view(buffer_.data(), have);
  return absl::OkStatus();
}

absl::StatusOr<size_t> InputStream::Read(char* out, size_t capacity) {
  if (decoder_ != nullptr) return ReadDecoded(out, capacity);
  if (pending_.empty()) return ReadSome(out, capacity);
  const size_t size = std::min(capacity, pending_.size());
  memcpy(out, pending_.data(), size);
  pending_.remove_prefix(size);
  return size;
}

absl::StatusOr<size_t> InputStream::ReadDecoded(char* out, size_t capacity) {
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const size_t decoded, decoder_->Decode(&pending_, out, capacity));
    if (decoded > 0) return decoded;
    if (!pending_.empty()) continue;
    OASIS_RETURN_IF_ERROR(Fill());
    if (!pending_.empty()) continue;
    if (decoder_->MayEnd()) return 0;
    return absl::DataLossError(absl::StrCat("truncated: the ", decoder_->format(),
                                            " data stops in the middle after ", bytes_read_,
                                            " bytes; copy the file again"));
  }
}

}  // namespace oasis::records
