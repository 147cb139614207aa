#include "snapshot/run_reader.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/row_codec.h"
#include "snapshot/slices.h"

namespace oasis {

absl::Status RunReader::Begin(const rocksdb::Iterator& runs) {
  const absl::string_view bytes = ToView(runs.key());
  ItemKey key;
  if (!DecodeKey(bytes, &key)) {
    return Damaged("key ", absl::BytesToHexString(bytes), ": it is not a key of 16 or 17 bytes");
  }
  rest_ = ToView(runs.value());
  run_bytes_ = rest_.size();
  OASIS_RETURN_IF_ERROR(Next());
  if (row_.key == key) return absl::OkStatus();
  return Damaged(FormatKey(row_.key), ": the key of its run is that of ", FormatKey(key));
}

absl::Status RunReader::Next() {
  const size_t at = run_bytes_ - rest_.size();
  if (absl::Status status = TakeRow(&rest_, manifest_, &row_); !status.ok()) {
    return Annotate(status, absl::StrCat("byte ", at, " of the run"));
  }
  if (previous_.has_value() && row_.key <= *previous_) {
    return Damaged(FormatKey(row_.key), ": it does not come after ", FormatKey(*previous_));
  }
  previous_ = row_.key;
  return absl::OkStatus();
}

}  // namespace oasis
