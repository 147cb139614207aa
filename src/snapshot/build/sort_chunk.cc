#include "snapshot/build/sort_chunk.h"

#include <algorithm>
#include <utility>

#include "snapshot/build/sort_record.h"

namespace oasis::build {
namespace {

constexpr size_t kAhead = 16;  // records: what a miss costs in gathering

std::unique_ptr<uint64_t[]> NewWords(size_t words) {
  return std::make_unique_for_overwrite<uint64_t[]>(words);
}

}  // namespace

SortChunk::SortChunk(size_t words, size_t capacity)
    : words_(words), capacity_(capacity), records_(NewWords(words * capacity)) {}

void SortChunk::Sort(SortScratch* scratch) {
  using Entry = SortScratch::Entry;
  std::vector<Entry>& order = scratch->order;
  order.resize(size_);
  for (size_t i = 0; i < size_; ++i) order[i] = {*record(i), static_cast<uint32_t>(i)};
  std::sort(order.begin(), order.end(), [this](const Entry& a, const Entry& b) {
    if (a.first_word != b.first_word) return a.first_word < b.first_word;
    return ComesBefore(record(a.index), record(b.index));
  });
  if (scratch->records == nullptr) scratch->records = NewWords(words_ * capacity_);
  uint64_t* out = scratch->records.get();
  for (size_t i = 0; i < size_; ++i) {
    const uint64_t* ahead = record(order[std::min(i + kAhead, size_ - 1)].index);
    __builtin_prefetch(ahead);
    __builtin_prefetch(ahead + words_ - 1);
    out = std::copy_n(record(order[i].index), words_, out);
  }
  std::swap(records_, scratch->records);
}

}  // namespace oasis::build
