// The bad rows of a build: all counted, the first ones kept.
#ifndef OASIS_RECORDS_BAD_ROWS_H_
#define OASIS_RECORDS_BAD_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace oasis::records {

// Not thread-safe.
class BadRows {
 public:
  explicit BadRows(int64_t allowed) : allowed_(allowed) {}

  void Add(absl::string_view path, int64_t line, absl::string_view fault);
  // Of a file as a whole, or with its place in the text already.
  void Add(absl::string_view fault);
  // So many more, none of which can be shown.
  void AddUnseen(int64_t count) { count_ += count; }
  // One that no number of allowed bad rows lets pass.
  void AddFatal(absl::string_view path, int64_t line, absl::string_view fault);

  int64_t count() const { return count_; }
  const std::vector<std::string>& first() const { return first_; }
  bool TooMany() const { return fatal_ || count_ > allowed_; }
  bool fatal() const { return fatal_; }

  // InvalidArgument with the first bad rows; `remedy` says what to do. REQUIRES: TooMany().
  absl::Status Error(int64_t rows_read, absl::string_view remedy) const;

 private:
  int64_t allowed_;
  int64_t count_ = 0;
  bool fatal_ = false;
  std::vector<std::string> first_;
};

}  // namespace oasis::records

#endif  // OASIS_RECORDS_BAD_ROWS_H_
