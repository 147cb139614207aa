#include "snapshot/diff/snapshot_cursor.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/slices.h"
#include "snapshot/sst_options.h"

namespace oasis {

absl::StatusOr<SnapshotCursor> SnapshotCursor::Open(const std::filesystem::path& dir) {
  OASIS_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(dir));
  SnapshotCursor cursor(dir, std::move(manifest));
  OASIS_RETURN_IF_ERROR(cursor.Next());
  return cursor;
}

SnapshotCursor::SnapshotCursor(std::filesystem::path dir, Manifest manifest)
    : dir_(std::move(dir)), manifest_(std::make_unique<const Manifest>(std::move(manifest))) {}

std::string SnapshotCursor::Place() const {
  return (dir_ / manifest_->files[files_opened_ - 1].name).string();
}

absl::Status SnapshotCursor::Next() {
  if (rows_ != nullptr) rows_->Next();
  while (rows_ == nullptr || !rows_->Valid()) {
    if (rows_ != nullptr) OASIS_RETURN_IF_ERROR(ReadError(rows_->status(), Place()));
    if (files_opened_ == manifest_->files.size()) {
      at_end_ = true;
      if (items_ == manifest_->items) return absl::OkStatus();
      return absl::DataLossError(absl::StrCat(dir_.string(), ": holds ", items_,
                                              " items; the manifest says ", manifest_->items,
                                              kGetAgain));
    }
    OASIS_RETURN_IF_ERROR(OpenNextFile());
  }
  absl::Status status = Decode();
  if (status.ok()) return status;
  return Annotate(status, absl::StrCat(Place(), ": item ", items_));
}

absl::Status SnapshotCursor::OpenNextFile() {
  rows_.reset();
  file_ = std::make_unique<rocksdb::SstFileReader>(SstOptions());
  ++files_opened_;
  OASIS_RETURN_IF_ERROR(ReadError(file_->Open(Place()), Place()));
  rows_.reset(file_->NewIterator(ScanOptions()));
  rows_->SeekToFirst();
  return absl::OkStatus();
}

absl::Status SnapshotCursor::Decode() {
  if (!DecodeKey(ToView(rows_->key()), &row_.key)) {
    return absl::DataLossError(absl::StrCat("its key is not one of 16 or 17 bytes", kGetAgain));
  }
  if (items_ > 0 && row_.key <= previous_) {
    return absl::DataLossError(absl::StrCat(FormatKey(row_.key), " does not come after ",
                                            FormatKey(previous_), kGetAgain));
  }
  previous_ = row_.key;
  ++items_;
  absl::Status status = DecodeRow(ToView(rows_->value()), *manifest_, &row_);
  if (status.ok()) return status;
  return Annotate(status, FormatKey(row_.key));
}

}  // namespace oasis
