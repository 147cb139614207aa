// Counts over the rows of one table.
#ifndef OASIS_GUARDRAILS_TALLY_H_
#define OASIS_GUARDRAILS_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "guardrails/joint_numbers.h"
#include "guardrails/top_items.h"
#include "oasis/limits.h"
#include "oasis/table.h"

namespace oasis {

inline constexpr size_t kGuardrailBins = 2 * size_t{kGuardrailHistogramHalf} + 1;

// Whole numbers, so that neither the order of the rows nor the number of threads matters. Not
// thread-safe: each thread has its own, and they are merged.
class Tally {
 public:
  // Both must outlive it.
  Tally(const JointNumbers& joint, const TableNumbers& numbers);

  void Add(const ItemRow& row);
  void Merge(const Tally& other);

  int64_t context_rows(size_t context) const { return context_rows_[context]; }
  // By joint numbers.
  std::vector<int64_t> SurfaceRows() const {
    return ByContext(numbers_->surfaces, joint_->surfaces().size());
  }
  std::vector<int64_t> MarketRows() const {
    return ByContext(numbers_->markets, joint_->markets().size());
  }
  // By joint numbers: those whose campaign is running, or that name none.
  std::vector<int64_t> LicensorRows() const;
  struct Dated {  // rows that name a campaign
    int64_t rows = 0;
    int64_t not_running = 0;  // of these
  };
  std::vector<Dated> DatedRows() const;  // by the same

  // Of a slice and joint signal. The middle bin is around 0, and the outer ones around the larger
  // scale of both tables.
  absl::Span<const int64_t> Histogram(size_t slice, size_t signal) const {
    return absl::MakeSpan(bins_).subspan(Pair(slice, signal) * kGuardrailBins, kGuardrailBins);
  }
  struct Scores {
    int64_t rows = 0;
    int64_t zeros = 0;
    int64_t sum = 0;  // of quantised scores
  };
  Scores ScoresOf(size_t slice, size_t signal) const { return scores_[Pair(slice, signal)]; }

  int largest(size_t signal) const { return largest_[signal]; }  // |quantised|, by place
  const TopItems& top() const { return top_; }                   // of the promotion signal

 private:
  size_t Pair(size_t slice, size_t signal) const { return slice * joint_signals_ + signal; }
  std::vector<int64_t> ByContext(const std::vector<uint32_t>& of, size_t names) const;

  const JointNumbers* joint_;
  const TableNumbers* numbers_;
  size_t joint_signals_;
  std::vector<int64_t> context_rows_;
  std::vector<int64_t> campaign_rows_;  // as TableNumbers::licensors
  std::vector<int64_t> bins_;
  std::vector<Scores> scores_;
  std::vector<int> largest_;
  TopItems top_;
};

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_TALLY_H_
