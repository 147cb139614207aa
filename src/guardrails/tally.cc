#include "guardrails/tally.h"

#include <algorithm>
#include <cstdlib>

namespace oasis {
namespace {

void AddAll(const std::vector<int64_t>& from, std::vector<int64_t>* to) {
  for (size_t i = 0; i < from.size(); ++i) (*to)[i] += from[i];
}

}  // namespace

Tally::Tally(const JointNumbers& joint, const TableNumbers& numbers)
    : joint_(&joint),
      numbers_(&numbers),
      joint_signals_(joint.signals().size()),
      context_rows_(numbers.surfaces.size()),
      campaign_rows_(numbers.licensors.size()),
      bins_(joint.slices() * joint_signals_ * kGuardrailBins),
      scores_(joint.slices() * joint_signals_),
      largest_(numbers.signals.size()) {}

void Tally::Add(const ItemRow& row) {
  const size_t signals = numbers_->signals.size();
  const size_t cells = row.contexts.size();
  for (size_t cell = 0; cell < cells; ++cell) {
    const ContextId context = row.contexts[cell];
    ++context_rows_[context];
    ++campaign_rows_[numbers_->PlaceOf(row.campaigns[cell])];
    for (size_t i = 0; i < signals; ++i) {
      const int score = row.scores[cell * signals + i];
      const size_t pair = Pair(numbers_->slices[context], numbers_->signals[i]);
      const float place =
          static_cast<float>(score) * numbers_->bins_a_step[i] + (kGuardrailHistogramHalf + 0.5F);
      ++bins_[pair * kGuardrailBins + static_cast<size_t>(place)];
      Scores& scores = scores_[pair];
      ++scores.rows;
      scores.zeros += score == 0 ? 1 : 0;
      scores.sum += score;
      largest_[i] = std::max(largest_[i], std::abs(score));
    }
  }
  if (!numbers_->promotion.has_value() || cells == 0) return;
  int16_t best = row.scores[*numbers_->promotion];
  for (size_t cell = 1; cell < cells; ++cell) {
    best = std::max(best, row.scores[cell * signals + *numbers_->promotion]);
  }
  top_.Add({best, row.key});
}

void Tally::Merge(const Tally& other) {
  AddAll(other.context_rows_, &context_rows_);
  AddAll(other.campaign_rows_, &campaign_rows_);
  AddAll(other.bins_, &bins_);
  for (size_t i = 0; i < scores_.size(); ++i) {
    scores_[i].rows += other.scores_[i].rows;
    scores_[i].zeros += other.scores_[i].zeros;
    scores_[i].sum += other.scores_[i].sum;
  }
  for (size_t i = 0; i < largest_.size(); ++i) {
    largest_[i] = std::max(largest_[i], other.largest_[i]);
  }
  top_.Merge(other.top_);
}

std::vector<int64_t> Tally::LicensorRows() const {
  std::vector<int64_t> rows(joint_->licensors().size());
  for (size_t i = 0; i < campaign_rows_.size(); ++i) {
    if (numbers_->running[i]) rows[numbers_->licensors[i]] += campaign_rows_[i];
  }
  return rows;
}

std::vector<Tally::Dated> Tally::DatedRows() const {
  std::vector<Dated> rows(joint_->licensors().size());
  for (size_t i = 0; i + 1 < campaign_rows_.size(); ++i) {  // the last ones name none
    Dated& dated = rows[numbers_->licensors[i]];
    dated.rows += campaign_rows_[i];
    if (!numbers_->running[i]) dated.not_running += campaign_rows_[i];
  }
  return rows;
}

std::vector<int64_t> Tally::ByContext(const std::vector<uint32_t>& of, size_t names) const {
  std::vector<int64_t> rows(names);
  for (size_t context = 0; context < of.size(); ++context) {
    rows[of[context]] += context_rows_[context];
  }
  return rows;
}

}  // namespace oasis
