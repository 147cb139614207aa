#include "snapshot/build/sort_chunk.h"

#include <algorithm>

#include "snapshot/build/sort_record.h"

namespace oasis::build {

SortChunk::SortChunk(size_t words, size_t capacity)
    : words_(words),
      capacity_(capacity),
      records_(std::make_unique_for_overwrite<uint64_t[]>(words * capacity)) {}

void SortChunk::Sort() {
  order_.resize(size_);
  for (size_t i = 0; i < size_; ++i) order_[i] = {*Words(i), static_cast<uint32_t>(i)};
  std::sort(order_.begin(), order_.end(), [this](const Entry& a, const Entry& b) {
    if (a.first_word != b.first_word) return a.first_word < b.first_word;
    return ComesBefore(Words(a.index), Words(b.index));
  });
}

void SortChunk::Clear() {
  size_ = 0;
  order_.clear();
}

}  // namespace oasis::build
