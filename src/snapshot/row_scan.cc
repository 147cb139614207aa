#include "snapshot/row_scan.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"

namespace oasis {

void RowScan::Begin(rocksdb::Iterator* runs, std::string place) {
  runs_ = runs;
  place_ = std::move(place);
  at_row_ = false;
  runs_->SeekToFirst();
}

absl::Status RowScan::Next() {
  const bool goes_on = at_row_ && !reader_.AtLast();
  if (at_row_ && !goes_on) runs_->Next();
  at_row_ = runs_->Valid();
  if (!at_row_) return ReadError(runs_->status(), place_);
  absl::Status status = goes_on ? reader_.Next() : reader_.Begin(*runs_);
  if (status.ok()) status = CheckPlace(reader_.row().key);
  if (!status.ok()) return Annotate(status, absl::StrCat(place_, ": item ", items_));
  ++items_;
  rows_read_ += static_cast<int64_t>(reader_.row().contexts.size());
  return absl::OkStatus();
}

absl::Status RowScan::CheckPlace(const ItemKey& key) {
  if (file_ == manifest_.files.size()) {
    return Damaged(FormatKey(key), ": more items than the manifest says");
  }
  const ScoreFile& file = manifest_.files[file_];
  if (items_of_file_ == 0 && key != file.first_key) {
    return Damaged(FormatKey(key), ": the manifest says that the first key of ", file.name, " is ",
                   FormatKey(file.first_key));
  }
  if (++items_of_file_ < file.items) return absl::OkStatus();
  if (key != file.last_key) {
    return Damaged(FormatKey(key), ": the manifest says that the last of the ", file.items,
                   " keys of ", file.name, " is ", FormatKey(file.last_key));
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
