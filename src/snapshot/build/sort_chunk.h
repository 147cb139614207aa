// A piece of the input in memory: filled in order of reading, then sorted.
#ifndef OASIS_SNAPSHOT_BUILD_SORT_CHUNK_H_
#define OASIS_SNAPSHOT_BUILD_SORT_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace oasis::build {

// What a sort needs besides the chunk; one is enough for many chunks of the same size.
struct SortScratch {
  // The first word lies beside the index: most comparisons then touch no record.
  struct Entry {
    uint64_t first_word;
    uint32_t index;
  };
  std::vector<Entry> order;
  std::unique_ptr<uint64_t[]> records;  // none before the first sort
};

// Not thread-safe.
class SortChunk {
 public:
  // Room for `capacity` records of `words` words; the memory is touched as it is filled.
  SortChunk(size_t words, size_t capacity);

  bool full() const { return size_ == capacity_; }
  size_t size() const { return size_; }

  // The words of a new record, for the caller to fill. REQUIRES: !full().
  uint64_t* Append() { return records_.get() + words_ * size_++; }

  // Puts the records in order. REQUIRES: every record is filled; `scratch` was used with chunks of
  // this capacity only.
  void Sort(SortScratch* scratch);

  const uint64_t* record(size_t i) const { return records_.get() + words_ * i; }

  // Empty again, with its memory.
  void Clear() { size_ = 0; }

 private:
  size_t words_;
  size_t capacity_;
  size_t size_ = 0;
  std::unique_ptr<uint64_t[]> records_;
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_SORT_CHUNK_H_
