#include "records/line_writer.h"

#include <utility>

#include "oasis/status.h"

namespace oasis::records {
namespace {

constexpr size_t kFlushBytes = 1 << 20;

}  // namespace

absl::StatusOr<LineWriter> LineWriter::Create(const std::filesystem::path& path,
                                              Compression compression) {
  OASIS_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path, compression));
  return LineWriter(path, std::move(file));
}

LineWriter::LineWriter(const std::filesystem::path& path, std::unique_ptr<OutputFile> file)
    : file_(std::move(file)) {
  written_.path = path;
}

absl::Status LineWriter::EndRow() {
  buffer_.push_back('\n');
  ++written_.rows;
  return buffer_.size() < kFlushBytes ? absl::OkStatus() : Flush();
}

absl::StatusOr<WrittenFile> LineWriter::Close() {
  OASIS_RETURN_IF_ERROR(Flush());
  OASIS_ASSIGN_OR_RETURN(written_.bytes, file_->Close());
  return written_;
}

absl::Status LineWriter::Flush() {
  absl::Status written = file_->Write(buffer_);
  buffer_.clear();
  return written;
}

}  // namespace oasis::records
