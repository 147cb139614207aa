// Numbers, times and tables as people read them.
#ifndef OASIS_APPS_TEXT_H_
#define OASIS_APPS_TEXT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace oasis {

std::string FormatCount(int64_t count);           // 1,234,567
std::string FormatBytes(int64_t bytes);           // 3.4 GiB
std::string FormatSpan(absl::Duration duration);  // 350 us, 12.3 ms, 4.56 s, 3m 20s, 2h 05m, 3d 4h
std::string FormatInstant(absl::Time time);       // 2026-01-31T12:00:00Z; "-" for infinite ones

// Columns padded to their widest cell, two spaces between. A head that starts with '>' makes its
// column stand to the right, as numbers should.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> head);

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string Text() const;

 private:
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace oasis

#endif  // OASIS_APPS_TEXT_H_
