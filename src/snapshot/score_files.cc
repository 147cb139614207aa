#include "snapshot/score_files.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "rocksdb/env.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/slices.h"
#include "snapshot/sst_options.h"

namespace oasis {

ScoreFiles::ScoreFiles(std::filesystem::path dir, int64_t rows_per_file)
    : dir_(std::move(dir)), rows_per_file_(rows_per_file), options_(SstOptions()) {}

absl::Status ScoreFiles::Add(const ItemKey& key, absl::string_view item, int64_t rows) {
  if (writer_ != nullptr && rows_ >= rows_per_file_) OASIS_RETURN_IF_ERROR(Close());
  if (writer_ == nullptr) {
    OASIS_RETURN_IF_ERROR(Open());
    files_.back().first_key = key;
  }
  ScoreFile& file = files_.back();
  file.last_key = key;
  ++file.items;
  rows_ += rows;
  if (run_.empty()) run_key_ = key;
  run_.append(item.data(), item.size());
  return run_.size() < kRunBytes ? absl::OkStatus() : PutRun();
}

absl::Status ScoreFiles::PutRun() {
  const rocksdb::Status put = writer_->Put(ToSlice(EncodeKey(run_key_)), ToSlice(run_));
  run_.clear();
  return FromRocksDb(put, path().string());
}

absl::StatusOr<std::vector<ScoreFile>> ScoreFiles::Finish() {
  if (writer_ != nullptr) OASIS_RETURN_IF_ERROR(Close());
  return std::move(files_);
}

absl::Status ScoreFiles::Open() {
  const size_t number = files_.size();
  files_.emplace_back().name = absl::StrFormat("scores-%05d.sst", number);
  rows_ = 0;
  // The pages are kept: Close reads them again.
  writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), options_,
                                                     /*column_family=*/nullptr,
                                                     /*invalidate_page_cache=*/false);
  return FromRocksDb(writer_->Open(path().string()), path().string());
}

absl::Status ScoreFiles::Close() {
  if (!run_.empty()) OASIS_RETURN_IF_ERROR(PutRun());
  const rocksdb::Status finished = writer_->Finish();  // with an fsync
  writer_.reset();
  if (!finished.ok()) return FromRocksDb(finished, path().string());
  ScoreFile& file = files_.back();
  StreamingChecksum checksum;
  OASIS_RETURN_IF_ERROR(ReadInPieces(path(), [&](absl::string_view piece) {
    checksum.Update(piece);
    file.bytes += piece.size();
    return absl::OkStatus();
  }));
  file.checksum = checksum.Digest();
  return absl::OkStatus();
}

}  // namespace oasis
