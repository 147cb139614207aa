// Any bytes as a score file or a campaigns file: rows, bad rows or an error, never a crash. The
// bytes go through compression detection as well, so a corpus may hold .gz and .zst.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "records/campaigns_file.h"
#include "snapshot/build/score_reader.h"

namespace oasis::build {
namespace {

using records::Outcome;

void ReadScores(const std::string& path) {
  absl::StatusOr<ScoreReader> reader = ScoreReader::Open(path, {});
  if (!reader.ok()) return;
  ScoreRow row;
  int64_t line = 0;
  while (true) {
    const absl::StatusOr<Outcome> outcome = reader->Next(&row);
    if (!outcome.ok() || *outcome == Outcome::kEnd) return;
    if (row.line <= line) std::abort();  // lines only go on
    line = row.line;
    if (*outcome == Outcome::kGood && row.scores.size() != reader->signals().size()) std::abort();
    if ((*outcome == Outcome::kBad) == row.fault.empty()) std::abort();
  }
}

}  // namespace
}  // namespace oasis::build

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int fd = memfd_create("fuzz", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
  const std::string path = absl::StrCat("/proc/self/fd/", fd);
  oasis::build::ReadScores(path);
  oasis::records::ReadCampaigns(path).IgnoreError();
  close(fd);
  return 0;
}
