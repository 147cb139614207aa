#include "records/bad_rows.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/limits.h"

namespace oasis::records {

void BadRows::Add(absl::string_view path, int64_t line, absl::string_view fault) {
  ++count_;
  if (first_.size() < kMaxBadRowsShown)
    first_.push_back(absl::StrCat(path, ":", line, ": ", fault));
}

void BadRows::Add(absl::string_view fault) {
  ++count_;
  if (first_.size() < kMaxBadRowsShown) first_.emplace_back(fault);
}

void BadRows::AddFatal(absl::string_view path, int64_t line, absl::string_view fault) {
  fatal_ = true;
  Add(path, line, fault);
}

absl::Status BadRows::Error(int64_t rows_read, absl::string_view remedy) const {
  const int64_t hidden = count_ - static_cast<int64_t>(first_.size());
  return absl::InvalidArgumentError(
      absl::StrCat(count_, count_ == 1 ? " bad row" : " bad rows", " of ", rows_read, ":\n  ",
                   absl::StrJoin(first_, "\n  "),
                   hidden > 0 ? absl::StrCat("\n  and ", hidden, " more") : "", "\n", remedy));
}

}  // namespace oasis::records
