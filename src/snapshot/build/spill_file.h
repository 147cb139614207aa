// Sorted runs on disk, for inputs larger than memory.
#ifndef OASIS_SNAPSHOT_BUILD_SPILL_FILE_H_
#define OASIS_SNAPSHOT_BUILD_SPILL_FILE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "snapshot/build/sort_chunk.h"

namespace oasis::build {

// Where a run lies in its SpillFile.
struct SpilledRun {
  int64_t offset = 0;
  size_t records = 0;
};

// One file for all runs, without a name from its first moment (where the file system has no such
// files: from its second): however the process ends, nothing is left of it. Append is not
// thread-safe; Read is, of runs that were appended before.
class SpillFile {
 public:
  // The file is made in `dir` when the first run comes.
  SpillFile(std::filesystem::path dir, size_t words);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // REQUIRES: `chunk` is sorted. ResourceExhausted when the disk is full, saying how much room is
  // needed where.
  absl::Status Append(const SortChunk& chunk);

  const std::vector<SpilledRun>& runs() const { return runs_; }

  // Reads the words at `offset`; tells the kernel that those after them are wanted next.
  absl::Status Read(int64_t offset, absl::Span<uint64_t> words) const;

 private:
  absl::Status Open();
  absl::Status Write(absl::Span<const uint64_t> words, int64_t run_bytes);

  std::filesystem::path dir_;
  size_t words_;
  int fd_ = -1;
  int64_t size_ = 0;
  std::vector<SpilledRun> runs_;
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_SPILL_FILE_H_
