// The external sort: rows in as they are read, out by item.
#ifndef OASIS_SNAPSHOT_BUILD_ROW_SORTER_H_
#define OASIS_SNAPSHOT_BUILD_ROW_SORTER_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "snapshot/build/run_merger.h"
#include "snapshot/build/sort_chunk.h"
#include "snapshot/build/spill_file.h"

namespace oasis::build {

// Rows fill chunks; a thread of its own sorts the full ones and, once all memory is in use, writes
// the oldest sorted ones to disk, so that there is always one to fill. What fits stays in memory
// (docs/decisions/0005). Add and Finish belong to one thread.
class RowSorter {
 public:
  struct Options {
    size_t words = 0;  // of a record
    size_t memory_bytes = 0;
    std::filesystem::path temp_dir;
  };

  explicit RowSorter(const Options& options);
  ~RowSorter();
  RowSorter(const RowSorter&) = delete;
  RowSorter& operator=(const RowSorter&) = delete;

  // The words of a new record, to be filled before the next call. Fails when the disk did.
  absl::StatusOr<uint64_t*> Add() {
    if (filling_ == nullptr || filling_->full()) OASIS_RETURN_IF_ERROR(NextChunk());
    return filling_->Append();
  }

  // Waits for the sorting and gives all records in order. `progress` is in records. The merger must
  // not outlive this; no Add afterwards.
  absl::StatusOr<RunMerger> Finish(const Progress& progress);

  // REQUIRES: Finish was called.
  int spilled_runs() const;

 private:
  absl::Status NextChunk();
  void Submit();  // what is filling_, to be sorted. REQUIRES: mutex_ is held
  void Work();
  absl::Status SortAndSpill();
  bool MustSpill() const;  // REQUIRES: mutex_ is held

  const Options options_;
  size_t chunk_records_;
  std::unique_ptr<SortChunk> filling_;
  SpillFile spill_;      // the worker's, until it has ended
  SortScratch scratch_;  // likewise

  std::mutex mutex_;
  std::condition_variable changed_;
  int chunks_ = 0;                                 // made so far
  std::deque<std::unique_ptr<SortChunk>> full_;    // to be sorted
  std::deque<std::unique_ptr<SortChunk>> sorted_;  // oldest first
  std::vector<std::unique_ptr<SortChunk>> free_;
  int64_t submitted_records_ = 0;
  int64_t sorted_records_ = 0;
  bool finishing_ = false;
  bool stopping_ = false;
  absl::Status error_;
  std::thread worker_;  // last: it uses all of the above
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_ROW_SORTER_H_
