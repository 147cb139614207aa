#include "snapshot/snapshot_cursor.h"

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/sst_options.h"

namespace oasis {
namespace {

// RocksDB would wait at a pipe until somebody writes to it. What is missing it tells itself.
absl::Status OpenFile(const std::string& path, rocksdb::SstFileReader& file) {
  std::error_code ignored;
  const std::filesystem::file_status found = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(found) && !std::filesystem::is_regular_file(found)) {
    return absl::DataLossError(absl::StrCat(path, ": is not a regular file"));
  }
  return ReadError(file.Open(path), path);
}

}  // namespace

SnapshotCursor::SnapshotCursor(std::filesystem::path dir, const Manifest& manifest)
    : dir_(std::move(dir)), manifest_(manifest), scan_(manifest) {}

std::string SnapshotCursor::Place() const {
  return (dir_ / manifest_.files[files_opened_ - 1].name).string();
}

absl::Status SnapshotCursor::Next() { return WithRemedy(Advance(), kGetAgain); }

absl::Status SnapshotCursor::Advance() {
  if (rows_ != nullptr) OASIS_RETURN_IF_ERROR(scan_.Next());
  while (scan_.row() == nullptr) {
    if (rows_ != nullptr) {
      OASIS_RETURN_IF_ERROR(scan_.ExpectFilesRead(files_opened_, Place()));
    }
    if (files_opened_ == manifest_.files.size()) return scan_.Finish(dir_.string());
    OASIS_RETURN_IF_ERROR(OpenNextFile());
    OASIS_RETURN_IF_ERROR(scan_.Next());
  }
  return absl::OkStatus();
}

absl::Status SnapshotCursor::OpenNextFile() {
  rows_.reset();
  file_ = std::make_unique<rocksdb::SstFileReader>(SstOptions());
  ++files_opened_;
  OASIS_RETURN_IF_ERROR(OpenFile(Place(), *file_));
  rows_.reset(file_->NewIterator(ScanOptions()));
  scan_.Begin(rows_.get(), Place());
  return absl::OkStatus();
}

}  // namespace oasis
