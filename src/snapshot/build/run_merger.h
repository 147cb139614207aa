// Sorted runs, in memory and on disk, as one ascending stream.
#ifndef OASIS_SNAPSHOT_BUILD_RUN_MERGER_H_
#define OASIS_SNAPSHOT_BUILD_RUN_MERGER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "snapshot/build/sort_chunk.h"
#include "snapshot/build/spill_file.h"

namespace oasis::build {

// One run, record by record. The chunk or file must outlive it.
class RunCursor {
 public:
  explicit RunCursor(const SortChunk* chunk);
  RunCursor(const SpillFile* file, SpilledRun run, size_t words, size_t buffer_records);

  // The next record, valid until the next call; null at the end.
  absl::StatusOr<const uint64_t*> Next();

 private:
  absl::Status Refill();

  const SortChunk* chunk_ = nullptr;
  const SpillFile* file_ = nullptr;
  size_t words_ = 0;
  int64_t offset_ = 0;            // of what was not read yet
  size_t left_;                   // records not given out yet
  size_t next_ = 0;               // in the chunk, or in buffer_
  std::vector<uint64_t> buffer_;  // as many records as were read last
  size_t buffer_records_ = 0;
};

// A k-way merge by a heap. Not thread-safe.
class RunMerger {
 public:
  static absl::StatusOr<RunMerger> Create(std::vector<RunCursor> runs);

  // The next record of all runs, valid until the next call; null at the end.
  absl::StatusOr<const uint64_t*> Next();

 private:
  struct Head {
    uint64_t first_word;  // of the record: most comparisons need no more
    const uint64_t* record;
    RunCursor* run;
  };

  explicit RunMerger(std::vector<RunCursor> runs) : runs_(std::move(runs)) {}
  static bool Before(const Head& a, const Head& b);
  void SiftDown(size_t at);

  std::vector<RunCursor> runs_;
  std::vector<Head> heap_;    // the smallest record on top
  bool top_is_used_ = false;  // it was given out, and its run must move on
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_RUN_MERGER_H_
