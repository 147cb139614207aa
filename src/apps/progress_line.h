// One line on the terminal that says how far something is.
#ifndef OASIS_APPS_PROGRESS_LINE_H_
#define OASIS_APPS_PROGRESS_LINE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace oasis {

// Draws on stderr, over and over in place, once the work has taken a second; not at all when stderr
// is no terminal. Wiped when it goes, so that results and errors start on a clean line. Not
// thread-safe.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // "verify  45 %  12 s"; without a total "verify  12 s". Redrawn at most ten times a second.
  void Update(absl::string_view what, int64_t done, int64_t total);

 private:
  bool terminal_;
  bool drawn_ = false;
  absl::Time started_;
  absl::Time next_;
};

}  // namespace oasis

#endif  // OASIS_APPS_PROGRESS_LINE_H_
