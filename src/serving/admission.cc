#include "serving/admission.h"

#include "absl/strings/str_cat.h"

namespace oasis {

std::optional<Refused> Admission::Enter(int64_t items) {
  const int64_t all_items = items_.fetch_add(items, std::memory_order_relaxed) + items;
  const int64_t all_calls = calls_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (all_items <= max_items_ && all_calls <= max_calls_) return std::nullopt;
  Leave(items);
  if (all_calls > max_calls_) {
    return Refused{RefusalReason::kInflightCalls,
                   absl::StrCat("it has its limit of ", max_calls_, " calls in flight")};
  }
  return Refused{RefusalReason::kInflightItems,
                 absl::StrCat("with the ", items, " items of this call ", all_items,
                              " would be in flight, and its limit is ", max_items_)};
}

void Admission::Leave(int64_t items) {
  items_.fetch_sub(items, std::memory_order_relaxed);
  calls_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace oasis
