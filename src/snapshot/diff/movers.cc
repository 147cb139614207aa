#include "snapshot/diff/movers.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace oasis {
namespace {

bool IsMoreNotable(const Move& a, const Move& b) {
  if (a.size != b.size) return a.size > b.size;
  return std::tie(a.key, a.context, a.signal) < std::tie(b.key, b.context, b.signal);
}

}  // namespace

void Movers::Add(const Move& move) {
  if (heap_.size() == kept_) {
    if (kept_ == 0 || !IsMoreNotable(move, heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end(), IsMoreNotable);
    heap_.pop_back();
  }
  heap_.push_back(move);
  std::push_heap(heap_.begin(), heap_.end(), IsMoreNotable);
}

std::vector<Move> Movers::Take() {
  std::sort(heap_.begin(), heap_.end(), IsMoreNotable);
  return std::move(heap_);
}

}  // namespace oasis
