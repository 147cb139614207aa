#include "snapshot/row_scan.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/slices.h"

namespace oasis {
namespace {

template <typename... Parts>
absl::Status Damaged(const Parts&... parts) {
  return absl::DataLossError(absl::StrCat(parts..., kGetAgain));
}

}  // namespace

absl::Status RowScan::Read(rocksdb::Iterator& rows, absl::string_view what) {
  for (rows.SeekToFirst(); rows.Valid(); rows.Next()) {
    if (absl::Status status = ReadOne(rows); !status.ok()) {
      return Annotate(status, absl::StrCat(what, ": item ", items_));
    }
    OASIS_RETURN_IF_ERROR(row_(item_));
    ++items_;
    if (items_ % kProgressEveryRows == 0 || items_ == manifest_.items) {
      OASIS_RETURN_IF_ERROR(progress_(items_, manifest_.items));
    }
  }
  return ReadError(rows.status(), what);
}

absl::Status RowScan::ReadOne(const rocksdb::Iterator& rows) {
  if (absl::Status status = CheckKey(ToView(rows.key())); !status.ok()) {
    return Annotate(status, absl::StrCat("key ", absl::BytesToHexString(ToView(rows.key()))));
  }
  if (absl::Status status = DecodeRow(ToView(rows.value()), manifest_, &item_); !status.ok()) {
    return Annotate(status, FormatKey(item_.key));
  }
  rows_read_ += static_cast<int64_t>(item_.contexts.size());
  return absl::OkStatus();
}

absl::Status RowScan::CheckKey(absl::string_view bytes) {
  if (!DecodeKey(bytes, &item_.key)) return Damaged("it is not a key of 16 or 17 bytes");
  if (file_ == manifest_.files.size()) return Damaged("more items than the manifest says");
  if (items_ > 0 && item_.key <= previous_) {
    return Damaged("it does not come after ", FormatKey(previous_));
  }
  const ScoreFile& file = manifest_.files[file_];
  if (items_of_file_ == 0 && item_.key != file.first_key) {
    return Damaged("the manifest says that the first key of ", file.name, " is ",
                   FormatKey(file.first_key));
  }
  previous_ = item_.key;
  if (++items_of_file_ < file.items) return absl::OkStatus();
  if (item_.key != file.last_key) {
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

absl::Status ScanRows(rocksdb::Iterator& rows, const Manifest& manifest, const RowCallback& row,
                      const Progress& progress, absl::string_view what) {
  RowScan scan(manifest, row, progress);
  OASIS_RETURN_IF_ERROR(scan.Read(rows, what));
  return scan.Finish(what);
}

}  // namespace oasis
