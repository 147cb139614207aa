// The items with the highest scores.
#ifndef OASIS_GUARDRAILS_TOP_ITEMS_H_
#define OASIS_GUARDRAILS_TOP_ITEMS_H_

#include <cstdint>
#include <vector>

#include "oasis/gid.h"
#include "oasis/limits.h"

namespace oasis {

struct TopItem {
  int16_t score = 0;  // quantised, of the item's best row
  ItemKey key;

  // Higher scores come first; of the same score lower keys, so that the order of adding is the same
  // to the result.
  bool Before(const TopItem& other) const {
    return score != other.score ? score > other.score : key < other.key;
  }
};

// At most kGuardrailTopItems. Not thread-safe.
class TopItems {
 public:
  void Add(const TopItem& item) {
    if (heap_.size() < kGuardrailTopItems || item.Before(heap_.front())) Insert(item);
  }
  void Merge(const TopItems& other) {
    for (const TopItem& item : other.heap_) Add(item);
  }
  std::vector<TopItem> Sorted() const;  // the highest first

 private:
  void Insert(const TopItem& item);

  std::vector<TopItem> heap_;  // the first to go is in front
};

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_TOP_ITEMS_H_
