#include "allocation/curvature.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace oasis {
namespace {

// Constraints that always count together leave it singular.
constexpr double kMoreDiagonal = 1.0 + 1e-6;

std::vector<uint32_t> ConstraintsOf(const AllocationProblem& problem, uint32_t offer) {
  std::vector<uint32_t> constraints;
  for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
       ++i) {
    constraints.push_back(problem.entries[i].constraint);
  }
  return constraints;
}

template <typename Use>
void ForEachPair(const std::vector<uint32_t>& constraints, const Use& use) {
  for (size_t a = 0; a < constraints.size(); ++a) {
    for (size_t b = a + 1; b < constraints.size(); ++b) use(constraints[a], constraints[b]);
  }
}

}  // namespace

Curvature::Curvature(const AllocationProblem& problem, size_t size)
    : problem_(problem), offer_pattern_(problem.offers()), diagonal_(size) {
  absl::flat_hash_map<std::vector<uint32_t>, uint32_t> known;
  std::vector<std::vector<uint32_t>> patterns;
  for (uint32_t offer = 0; offer < problem.offers(); ++offer) {
    std::vector<uint32_t> constraints = ConstraintsOf(problem, offer);
    const auto [at, added] = known.try_emplace(constraints, static_cast<uint32_t>(patterns.size()));
    if (added) patterns.push_back(std::move(constraints));
    offer_pattern_[offer] = at->second;
  }
  std::vector<Pair> pairs;
  for (const std::vector<uint32_t>& pattern : patterns) {
    ForEachPair(pattern, [&](uint32_t i, uint32_t j) { pairs.emplace_back(i, j); });
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  MakeRows(pairs);

  std::vector<uint32_t> begin;
  for (const std::vector<uint32_t>& pattern : patterns) {
    begin.push_back(static_cast<uint32_t>(places_.size()));
    ForEachPair(pattern, [&](uint32_t i, uint32_t j) {
      const auto at = std::lower_bound(pairs.begin(), pairs.end(), Pair(i, j));
      places_.push_back(static_cast<uint32_t>(at - pairs.begin()));
    });
  }
  for (uint32_t& pattern : offer_pattern_) pattern = begin[pattern];
}

void Curvature::MakeRows(const std::vector<Pair>& pairs) {
  values_.resize(pairs.size());
  row_begin_.assign(size() + 1, 0);
  for (const auto& [i, j] : pairs) {
    ++row_begin_[i + 1];
    ++row_begin_[j + 1];
  }
  for (size_t i = 0; i < size(); ++i) row_begin_[i + 1] += row_begin_[i];
  columns_.resize(2 * pairs.size());
  pair_of_.resize(2 * pairs.size());
  std::vector<uint32_t> next(row_begin_.begin(), row_begin_.end() - 1);
  for (uint32_t pair = 0; pair < pairs.size(); ++pair) {
    const auto [i, j] = pairs[pair];
    columns_[next[i]] = j;
    pair_of_[next[i]++] = pair;
    columns_[next[j]] = i;
    pair_of_[next[j]++] = pair;
  }
}

void Curvature::Set(const std::vector<double>& spread, const std::vector<double>& least) {
  std::fill(values_.begin(), values_.end(), 0.0);
  std::fill(diagonal_.begin(), diagonal_.end(), 0.0);
  for (uint32_t offer = 0; offer < problem_.offers(); ++offer) {
    if (spread[offer] == 0.0) continue;
    const uint32_t* place = places_.data() + offer_pattern_[offer];
    const uint32_t end = problem_.offer_first_entry[offer + 1];
    for (uint32_t a = problem_.offer_first_entry[offer]; a < end; ++a) {
      const AllocationProblem::Entry& entry = problem_.entries[a];
      const auto coefficient = static_cast<double>(entry.coefficient);
      const double weight = spread[offer] * coefficient;
      diagonal_[entry.constraint] += weight * coefficient;
      for (uint32_t b = a + 1; b < end; ++b) {
        values_[*place++] += weight * static_cast<double>(problem_.entries[b].coefficient);
      }
    }
  }
  for (uint32_t i = 0; i < size(); ++i) {
    diagonal_[i] = std::max(diagonal_[i] * kMoreDiagonal, least[i]);
    for (uint32_t k = row_begin_[i]; k < row_begin_[i + 1]; ++k) {
      double& value = values_[pair_of_[k]];
      if (i < columns_[k] && IsCap(i) != IsCap(columns_[k])) value = -value;
    }
  }
}

void Curvature::Multiply(const std::vector<double>& vector, std::vector<double>& product) const {
  product.resize(size());
  for (size_t i = 0; i < size(); ++i) {
    double sum = diagonal_[i] * vector[i];
    ForEachInRow(i, [&](uint32_t j, double value) { sum += value * vector[j]; });
    product[i] = sum;
  }
}

}  // namespace oasis
