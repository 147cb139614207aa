#include "apps/progress_line.h"

#include <stdio.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
namespace oasis {
namespace {

constexpr char kWipe[] = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) == 1),
      started_(absl::Now()),
      next_(started_ + absl::Seconds(1)) {}

ProgressLine::~ProgressLine() {
  if (drawn_) fputs(kWipe, stderr);
}

void ProgressLine::Update(absl::string_view what, int64_t done, int64_t total) {
  const absl::Time now = absl::Now();
  if (!terminal_ || now < next_) return;
  next_ = now + absl::Milliseconds(100);
  drawn_ = true;
  std::string line = absl::StrCat(kWipe, what);
  if (total > 0) absl::StrAppend(&line, "  ", done * 100 / total, " %");
  absl::StrAppend(&line, "  ", absl::ToInt64Seconds(now - started_), " s");
  fputs(line.c_str(), stderr);
}

}  // namespace oasis
