// A piece of the input in memory: filled in order of reading, then sorted.
#ifndef OASIS_SNAPSHOT_BUILD_SORT_CHUNK_H_
#define OASIS_SNAPSHOT_BUILD_SORT_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace oasis::build {

// Not thread-safe.
class SortChunk {
 public:
  // Room for `capacity` records of `words` words; the memory is touched as it is filled.
  SortChunk(size_t words, size_t capacity);

  // The bytes one record takes, with its place in the order.
  static size_t BytesPerRecord(size_t words) { return words * sizeof(uint64_t) + sizeof(Entry); }

  bool full() const { return size_ == capacity_; }
  size_t size() const { return size_; }

  // The words of a new record, for the caller to fill. REQUIRES: !full().
  uint64_t* Append() { return records_.get() + words_ * size_++; }

  // REQUIRES: every record is filled.
  void Sort();

  // The i-th record in order. REQUIRES: Sort() was called.
  const uint64_t* record(size_t i) const {
    constexpr size_t kAhead = 8;
    if (i + kAhead < size_) __builtin_prefetch(Words(order_[i + kAhead].index));
    return Words(order_[i].index);
  }

  // Empty again, with its memory.
  void Clear();

 private:
  // The first word lies beside the index: most comparisons then touch no record.
  struct Entry {
    uint64_t first_word;
    uint32_t index;
  };

  const uint64_t* Words(size_t index) const { return records_.get() + words_ * index; }

  size_t words_;
  size_t capacity_;
  size_t size_ = 0;
  std::unique_ptr<uint64_t[]> records_;
  std::vector<Entry> order_;
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_SORT_CHUNK_H_
