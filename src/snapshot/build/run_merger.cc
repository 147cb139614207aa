#include "snapshot/build/run_merger.h"

#include <algorithm>
#include <utility>

#include "oasis/status.h"
#include "snapshot/build/sort_record.h"

namespace oasis::build {

RunCursor::RunCursor(const SortChunk* chunk) : chunk_(chunk), left_(chunk->size()) {}

RunCursor::RunCursor(const SpillFile* file, SpilledRun run, size_t words, size_t buffer_records)
    : file_(file),
      words_(words),
      offset_(run.offset),
      left_(run.records),
      buffer_records_(buffer_records) {}

absl::StatusOr<const uint64_t*> RunCursor::Next() {
  if (left_ == 0) return nullptr;
  if (chunk_ != nullptr) {
    --left_;
    return chunk_->record(next_++);
  }
  if (next_ * words_ == buffer_.size()) OASIS_RETURN_IF_ERROR(Refill());
  --left_;
  return buffer_.data() + words_ * next_++;
}

absl::Status RunCursor::Refill() {
  buffer_.resize(words_ * std::min(left_, buffer_records_));
  OASIS_RETURN_IF_ERROR(file_->Read(offset_, absl::MakeSpan(buffer_)));
  offset_ += static_cast<int64_t>(buffer_.size() * sizeof(uint64_t));
  next_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<RunMerger> RunMerger::Create(std::vector<RunCursor> runs) {
  RunMerger merger(std::move(runs));
  for (RunCursor& run : merger.runs_) {
    OASIS_ASSIGN_OR_RETURN(const uint64_t* record, run.Next());
    if (record != nullptr) merger.heap_.push_back({*record, record, &run});
  }
  for (size_t i = merger.heap_.size() / 2; i-- > 0;) merger.SiftDown(i);
  return merger;
}

absl::StatusOr<const uint64_t*> RunMerger::Next() {
  if (top_is_used_) {
    OASIS_ASSIGN_OR_RETURN(const uint64_t* record, heap_[0].run->Next());
    if (record != nullptr) {
      heap_[0].first_word = *record;
      heap_[0].record = record;
    } else {
      heap_[0] = heap_.back();
      heap_.pop_back();
    }
    SiftDown(0);
  }
  top_is_used_ = !heap_.empty();
  return heap_.empty() ? nullptr : heap_[0].record;
}

bool RunMerger::Before(const Head& a, const Head& b) {
  if (a.first_word != b.first_word) return a.first_word < b.first_word;
  return ComesBefore(a.record, b.record);
}

void RunMerger::SiftDown(size_t at) {
  while (true) {
    size_t child = 2 * at + 1;
    if (child >= heap_.size()) return;
    if (child + 1 < heap_.size() && Before(heap_[child + 1], heap_[child])) {
      ++child;
    }
    if (!Before(heap_[child], heap_[at])) return;
    std::swap(heap_[at], heap_[child]);
    at = child;
  }
}

}  // namespace oasis::build
