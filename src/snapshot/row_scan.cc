#include "snapshot/row_scan.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/slices.h"

namespace oasis {

void RowScan::Begin(rocksdb::Iterator* rows, std::string place) {
  rows_ = rows;
  place_ = std::move(place);
  at_row_ = false;
  rows_->SeekToFirst();
}

absl::Status RowScan::Next() {
  if (at_row_) rows_->Next();
  at_row_ = rows_->Valid();
  if (!at_row_) return ReadError(rows_->status(), place_);
  if (absl::Status status = ReadOne(); !status.ok()) {
    return Annotate(status, absl::StrCat(place_, ": item ", items_));
  }
  ++items_;
  return absl::OkStatus();
}

absl::Status RowScan::ReadOne() {
  const absl::string_view key = ToView(rows_->key());
  if (absl::Status status = CheckKey(key); !status.ok()) {
    return Annotate(status, absl::StrCat("key ", absl::BytesToHexString(key)));
  }
  if (absl::Status status = DecodeRow(ToView(rows_->value()), manifest_, &row_); !status.ok()) {
    return Annotate(status, FormatKey(row_.key));
  }
  rows_read_ += static_cast<int64_t>(row_.contexts.size());
  return absl::OkStatus();
}

absl::Status RowScan::CheckKey(absl::string_view bytes) {
  if (!DecodeKey(bytes, &row_.key)) return Damaged("it is not a key of 16 or 17 bytes");
  if (file_ == manifest_.files.size()) return Damaged("more items than the manifest says");
  if (items_ > 0 && row_.key <= previous_) {
    return Damaged("it does not come after ", FormatKey(previous_));
  }
  const ScoreFile& file = manifest_.files[file_];
  if (items_of_file_ == 0 && row_.key != file.first_key) {
    return Damaged("the manifest says that the first key of ", file.name, " is ",
                   FormatKey(file.first_key));
  }
  previous_ = row_.key;
  if (++items_of_file_ < file.items) return absl::OkStatus();
  if (row_.key != file.last_key) {
    return Damaged("the manifest says that the last of the ", file.items, " keys of ", file.name,
                   " is ", FormatKey(file.last_key));
  }
  ++file_;
  items_of_file_ = 0;
  return absl::OkStatus();
}

absl::Status RowScan::ExpectFilesRead(size_t files, absl::string_view what) const {
  if (file_ == files && items_of_file_ == 0) return absl::OkStatus();
  if (file_ >= files) return Damaged(what, ": more items than the manifest says");
  return Damaged(what, ": ends after ", items_of_file_, " items of ", manifest_.files[file_].name,
                 "; the manifest says ", manifest_.files[file_].items);
}

absl::Status RowScan::Finish(absl::string_view what) const {
  OASIS_RETURN_IF_ERROR(ExpectFilesRead(manifest_.files.size(), what));
  if (rows_read_ != manifest_.rows) {
    return Damaged(what, ": holds ", rows_read_, " rows; the manifest says ", manifest_.rows);
  }
  return absl::OkStatus();
}

}  // namespace oasis
