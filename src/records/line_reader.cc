#include "records/line_reader.h"

#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis::records {
namespace {

constexpr absl::string_view kByteOrderMark("\xef\xbb\xbf", 3);

}  // namespace

absl::StatusOr<LineReader> LineReader::Open(const std::string& path) {
  absl::StatusOr<InputStream> stream = InputStream::Open(path);
  if (!stream.ok()) return Annotate(stream.status(), path);
  LineReader reader(path, *std::move(stream));
  while (reader.end_ < kByteOrderMark.size()) {
    OASIS_ASSIGN_OR_RETURN(const bool more, reader.ReadMore());
    if (!more) break;
  }
  if (absl::StartsWith({reader.buffer_.data(), reader.end_}, kByteOrderMark)) {
    reader.begin_ = kByteOrderMark.size();
  }
  return reader;
}

LineReader::LineReader(std::string path, InputStream stream)
    : path_(std::move(path)),
      stream_(std::move(stream)),
      buffer_(kMaxInputLineBytes + 2 + kInputBufferBytes) {}

absl::StatusOr<bool> LineReader::ReadMore() {
  if (begin_ > 0) {
    memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  absl::StatusOr<size_t> got = stream_.Read(buffer_.data() + end_, buffer_.size() - end_);
  if (!got.ok()) return Annotate(got.status(), absl::StrCat(path_, ":", number_ + 1));
  end_ += *got;
  return *got > 0;
}

absl::StatusOr<bool> LineReader::Next(Line* line) {
  size_t searched = 0;
  const char* newline = nullptr;
  while (true) {
    const char* start = buffer_.data() + begin_;
    const size_t have = end_ - begin_;
    newline = static_cast<const char*>(memchr(start + searched, '\n', have - searched));
    if (newline != nullptr || have > kMaxInputLineBytes + 1) break;
    searched = have;
    OASIS_ASSIGN_OR_RETURN(const bool more, ReadMore());
    if (!more) break;
  }
  if (newline == nullptr && begin_ == end_) return false;
  char* text = buffer_.data() + begin_;
  size_t size = newline != nullptr ? static_cast<size_t>(newline - text) : end_ - begin_;
  begin_ += size + (newline != nullptr ? 1 : 0);
  if (size > 0 && text[size - 1] == '\r') --size;
  ++number_;
  line->number = number_;
  line->too_long = size > kMaxInputLineBytes;
  if (line->too_long) {
    size = 0;
    if (newline == nullptr) OASIS_RETURN_IF_ERROR(SkipRestOfLine());
  }
  line->text = absl::Span<char>(text, size);
  return true;
}

absl::Status LineReader::SkipRestOfLine() {
  while (true) {
    const char* start = buffer_.data() + begin_;
    const auto* newline = static_cast<const char*>(memchr(start, '\n', end_ - begin_));
    if (newline != nullptr) {
      begin_ += static_cast<size_t>(newline - start) + 1;
      return absl::OkStatus();
    }
    begin_ = end_;
    OASIS_ASSIGN_OR_RETURN(const bool more, ReadMore());
    if (!more) return absl::OkStatus();
  }
}

}  // namespace oasis::records
