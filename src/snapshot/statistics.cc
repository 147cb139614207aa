#include "snapshot/statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace oasis {
namespace {

constexpr size_t kMaxCandidates = 2 * kSentinels;

// [-kQuantisedMax, kQuantisedMax] in kHistogramBins equal bins; the top edge is of the last.
size_t BinOf(int16_t score) {
  const int bin = (score + kQuantisedMax) * kHistogramBins / (2 * kQuantisedMax);
  return static_cast<size_t>(std::min(bin, kHistogramBins - 1));
}

}  // namespace

StatisticsCollector::StatisticsCollector(std::vector<Signal> signals, size_t contexts)
    : signals_(std::move(signals)), contexts_(contexts) {}

void StatisticsCollector::Add(const ItemRow& row) {
  const int16_t* score = row.scores.data();
  for (ContextId context : row.contexts) {
    std::unique_ptr<Counts[]>& counts = contexts_[context];
    if (counts == nullptr) counts = std::make_unique<Counts[]>(signals_.size());
    for (size_t i = 0; i < signals_.size(); ++i, ++score) {
      Counts& of_signal = counts[i];
      ++of_signal.rows;
      of_signal.sum += *score;
      of_signal.min = std::min(of_signal.min, *score);
      of_signal.max = std::max(of_signal.max, *score);
      ++of_signal.histogram[BinOf(*score)];
    }
  }
}

std::vector<ScoreStatistics> StatisticsCollector::Take() const {
  std::vector<ScoreStatistics> all;
  for (size_t context = 0; context < contexts_.size(); ++context) {
    if (contexts_[context] == nullptr) continue;
    for (size_t i = 0; i < signals_.size(); ++i) {
      const Counts& counts = contexts_[context][i];
      const double unit = static_cast<double>(signals_[i].scale) / kQuantisedMax;
      ScoreStatistics& entry = all.emplace_back();
      entry.context = static_cast<ContextId>(context);
      entry.signal = static_cast<int>(i);
      entry.rows = counts.rows;
      entry.min = counts.min * unit;
      entry.max = counts.max * unit;
      entry.mean = static_cast<double>(counts.sum) / static_cast<double>(counts.rows) * unit;
      entry.histogram.assign(counts.histogram.begin(), counts.histogram.end());
    }
  }
  return all;
}

bool SameScore(float expected, float found, const Signal& signal) {
  return std::abs(found - expected) <= signal.scale / kQuantisedMax / 4;
}

void SentinelPicker::Add(const ItemRow& row) {
  if (items_++ % stride_ != 0) return;
  if (candidates_.size() == kMaxCandidates) {
    for (size_t i = 0; i < kMaxCandidates / 2; ++i) std::swap(candidates_[i], candidates_[2 * i]);
    candidates_.resize(kMaxCandidates / 2);
    stride_ *= 2;
  }
  candidates_.push_back(row);
}

std::vector<Sentinel> SentinelPicker::Take() const {
  std::vector<Sentinel> sentinels;
  const size_t wanted = std::min<size_t>(kSentinels, candidates_.size());
  for (size_t i = 0; i < wanted; ++i) {
    const ItemRow& row = candidates_[i * candidates_.size() / wanted];
    const size_t cell = i % row.contexts.size();  // not always the first context
    Sentinel& sentinel = sentinels.emplace_back();
    sentinel.key = row.key;
    sentinel.context = row.contexts[cell];
    for (size_t j = 0; j < signals_.size(); ++j) {
      sentinel.scores.push_back(Dequantise(row.scores[cell * signals_.size() + j], signals_[j]));
    }
  }
  return sentinels;
}

}  // namespace oasis
