#include "snapshot/build/row_sorter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "machine/catching.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis::build {
namespace {

// The scratch of a sort counts as two chunks: its records are one, its entries less than another.
size_t ChunkRecords(const RowSorter::Options& options) {
  const size_t record_bytes = options.words * sizeof(uint64_t);
  return std::clamp<size_t>(options.memory_bytes / (kSortChunks + 2) / record_bytes,
                            kMinSortChunkRecords, std::numeric_limits<uint32_t>::max());
}

}  // namespace

RowSorter::RowSorter(const Options& options)
    : options_(options),
      chunk_records_(ChunkRecords(options)),
      spill_(options.temp_dir, options.words),
      worker_([this] { Work(); }) {}

RowSorter::~RowSorter() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

void RowSorter::Submit() {
  if (filling_ == nullptr) return;
  submitted_records_ += static_cast<int64_t>(filling_->size());
  full_.push_back(std::move(filling_));
  changed_.notify_all();
}

absl::Status RowSorter::NextChunk() {
  std::unique_lock<std::mutex> lock(mutex_);
  Submit();
  if (free_.empty() && chunks_ < kSortChunks) {
    ++chunks_;
    lock.unlock();
    filling_ = std::make_unique<SortChunk>(options_.words, chunk_records_);
    return absl::OkStatus();
  }
  changed_.wait(lock, [this] { return !free_.empty() || !error_.ok(); });
  if (!error_.ok()) return error_;
  filling_ = std::move(free_.back());
  free_.pop_back();
  return absl::OkStatus();
}

bool RowSorter::MustSpill() const {
  return !finishing_ && chunks_ == kSortChunks && free_.empty() && !sorted_.empty();
}

void RowSorter::Work() {
  absl::Status status = Catching([this] { return SortAndSpill(); });
  if (status.ok()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  error_ = std::move(status);
  changed_.notify_all();
}

// Sorting goes first: a chunk can be written only when it is sorted, and whoever waits for room
// gets it soonest that way.
absl::Status RowSorter::SortAndSpill() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock,
                  [this] { return stopping_ || !full_.empty() || MustSpill() || finishing_; });
    if (stopping_) return absl::OkStatus();
    if (!full_.empty()) {
      std::unique_ptr<SortChunk> chunk = std::move(full_.front());
      full_.pop_front();
      lock.unlock();
      chunk->Sort(&scratch_);
      lock.lock();
      sorted_records_ += static_cast<int64_t>(chunk->size());
      sorted_.push_back(std::move(chunk));
    } else if (MustSpill()) {
      std::unique_ptr<SortChunk> chunk = std::move(sorted_.front());
      sorted_.pop_front();
      lock.unlock();
      OASIS_RETURN_IF_ERROR(spill_.Append(*chunk));
      chunk->Clear();
      lock.lock();
      free_.push_back(std::move(chunk));
    } else {
      return absl::OkStatus();
    }
    changed_.notify_all();
  }
}

absl::StatusOr<RunMerger> RowSorter::Finish(const Progress& progress) {
  std::unique_lock<std::mutex> lock(mutex_);
  Submit();
  finishing_ = true;
  changed_.notify_all();
  while (sorted_records_ < submitted_records_) {
    const int64_t before = sorted_records_;
    changed_.wait(lock, [&] { return sorted_records_ != before || !error_.ok(); });
    if (!error_.ok()) return error_;
    const int64_t done = sorted_records_;
    lock.unlock();
    if (progress) OASIS_RETURN_IF_ERROR(progress(done, submitted_records_));
    lock.lock();
  }
  lock.unlock();
  worker_.join();  // it may still be writing
  if (!error_.ok()) return error_;
  free_.clear();
  scratch_ = SortScratch();
  std::vector<RunCursor> runs;
  for (const auto& chunk : sorted_) runs.emplace_back(chunk.get());
  const size_t record_bytes = options_.words * sizeof(uint64_t);
  const size_t run_bytes =
      options_.memory_bytes / kSortChunks / std::max<size_t>(1, spill_.runs().size());
  const size_t buffer_records =
      std::clamp(run_bytes, kMinSortReadBytes, kMaxSortReadBytes) / record_bytes;
  for (const SpilledRun& run : spill_.runs()) {
    runs.emplace_back(&spill_, run, options_.words, std::max<size_t>(1, buffer_records));
  }
  return RunMerger::Create(std::move(runs));
}

int RowSorter::spilled_runs() const { return static_cast<int>(spill_.runs().size()); }

}  // namespace oasis::build
