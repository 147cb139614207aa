#include "guardrails/top_items.h"

#include <algorithm>

namespace oasis {
namespace {

bool IsBefore(const TopItem& a, const TopItem& b) { return a.Before(b); }

}  // namespace

void TopItems::Insert(const TopItem& item) {
  if (heap_.size() == kGuardrailTopItems) {
    std::pop_heap(heap_.begin(), heap_.end(), IsBefore);
    heap_.pop_back();
  }
  heap_.push_back(item);
  std::push_heap(heap_.begin(), heap_.end(), IsBefore);
}

std::vector<TopItem> TopItems::Sorted() const {
  std::vector<TopItem> sorted = heap_;
  std::sort(sorted.begin(), sorted.end(), IsBefore);
  return sorted;
}

}  // namespace oasis
