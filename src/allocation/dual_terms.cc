#include "allocation/dual_terms.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr double kLeastCurvature = 0.01;  // in parts of what it is where a constraint binds
constexpr double kTypicalHarm = 0.1;      // how far satisfactions lie from the reference, about

}  // namespace

DualTerms::DualTerms(const AllocationProblem& problem)
    : problem_(problem),
      constraints_(problem.constraints.size()),
      zones_(problem.zones.size()),
      ranges_(size()),
      least_curvature_(size()),
      reach_(size(), 1.0) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> steepest(constraints_);     // coefficient^2 / tau
  std::vector<double> coefficient(constraints_);  // the largest
  for (size_t z = 0; z < zones_; ++z) {
    const AllocationProblem::ZoneRange& range = problem.zone_ranges[z];
    const double tau = range.min_tau;
    const uint32_t end = problem.zone_ranges[z + 1].first_offer;
    for (uint32_t i = problem.offer_first_entry[range.first_offer];
         i < problem.offer_first_entry[end]; ++i) {
      const AllocationProblem::Entry& entry = problem.entries[i];
      const double a = static_cast<double>(entry.coefficient);
      coefficient[entry.constraint] = std::max(coefficient[entry.constraint], a);
      steepest[entry.constraint] = std::max(steepest[entry.constraint], a * a / tau);
    }
    const double budget = problem.zones[z].satisfaction_budget;
    if (std::isinf(budget)) continue;
    ranges_[constraints_ + z].high = kInfinity;
    reach_[constraints_ + z] = tau / kTypicalHarm;
    least_curvature_[constraints_ + z] =
        kLeastCurvature * kTypicalHarm * budget / tau + 1e-9 * (1.0 + range.supply) / tau;
  }
  const double supply = problem.supply();
  for (size_t i = 0; i < constraints_; ++i) {
    const AllocationConstraint& row = problem.constraints[i];
    // Where a constraint binds, its activity is the bound and the curvature about
    // coefficient * bound / tau. In parts of the target the bound of fairness is 1.
    const double ratio = coefficient[i] > 0.0 ? steepest[i] / coefficient[i] : 0.0;
    if (ratio > 0.0) reach_[i] = 1.0 / ratio;
    rows_.push_back({row.kind, row.bound, row.price});
    double bound = row.bound;
    if (row.kind == ConstraintKind::kCap) {
      ranges_[i].high = kInfinity;
    } else if (row.kind == ConstraintKind::kCommitment) {
      ranges_[i].high = row.price;
    } else if (row.kind == ConstraintKind::kLogFairness) {
      bound = 1.0;
      ranges_[i] = {row.price / (kFairnessFloor + 1.0 + coefficient[i] * supply),
                    row.price / kFairnessFloor};
    } else {
      bound = 1.0;
      ranges_[i] = {0.0, kInfinity};  // see ProjectMaxMin
      max_min_.push_back(i);
    }
    least_curvature_[i] =
        kLeastCurvature * ratio * bound + 1e-9 * (1.0 + supply) * steepest[i] + 1e-300;
  }
}

std::vector<double> DualTerms::Start() const {
  std::vector<double> prices(size());
  for (size_t i = 0; i < constraints_; ++i) {
    const Row& row = rows_[i];
    if (row.kind == ConstraintKind::kLogFairness) prices[i] = row.price / (kFairnessFloor + 1.0);
    if (row.kind == ConstraintKind::kMaxMinFairness) {
      prices[i] = problem_.max_min_weight / static_cast<double>(max_min_.size());
    }
  }
  return prices;
}

SlotPrices DualTerms::ToSlotPrices(const std::vector<double>& prices, double tau_factor) const {
  SlotPrices slot;
  slot.tau_factor = tau_factor;
  slot.constraint.resize(constraints_);
  for (size_t i = 0; i < constraints_; ++i) {
    const bool cap = rows_[i].kind == ConstraintKind::kCap;
    slot.constraint[i] = cap ? prices[i] : -prices[i];
  }
  slot.guard.assign(prices.begin() + static_cast<ptrdiff_t>(constraints_), prices.end());
  return slot;
}

double DualTerms::Value(const std::vector<double>& prices, const DualPassResult& pass) const {
  double value = pass.blocks;
  for (size_t i = 0; i < constraints_; ++i) {
    const Row& row = rows_[i];
    const double price = prices[i];
    switch (row.kind) {
      case ConstraintKind::kCap:
        value += price * row.bound;
        break;
      case ConstraintKind::kCommitment:
        value -= price * row.bound;
        break;
      case ConstraintKind::kLogFairness:
        value += row.price * (std::log(row.price / price) - 1.0) + price * kFairnessFloor;
        break;
      case ConstraintKind::kMaxMinFairness:
        break;
    }
  }
  for (size_t z = 0; z < zones_; ++z) {
    const double price = prices[constraints_ + z];
    if (price > 0.0) value += price * problem_.zones[z].satisfaction_budget;
  }
  return value;
}

void DualTerms::Gradient(const std::vector<double>& prices, const DualPassResult& pass,
                         std::vector<double>& gradient) const {
  gradient.resize(size());
  for (size_t i = 0; i < constraints_; ++i) {
    const Row& row = rows_[i];
    const double activity = pass.activity[i];
    switch (row.kind) {
      case ConstraintKind::kCap:
        gradient[i] = row.bound - activity;
        break;
      case ConstraintKind::kCommitment:
        gradient[i] = activity - row.bound;
        break;
      case ConstraintKind::kLogFairness:
        gradient[i] = activity - (row.price / prices[i] - kFairnessFloor);
        break;
      case ConstraintKind::kMaxMinFairness:
        gradient[i] = activity;
        break;
    }
  }
  double sum = 0.0, count = 0.0;
  for (const size_t i : max_min_) {
    sum += prices[i] > 0.0 ? gradient[i] : 0.0;
    count += prices[i] > 0.0 ? 1.0 : 0.0;
  }
  for (const size_t i : max_min_) gradient[i] -= sum / std::max(count, 1.0);
  for (size_t z = 0; z < zones_; ++z) {
    const double budget = problem_.zones[z].satisfaction_budget;
    gradient[constraints_ + z] = std::isinf(budget) ? 0.0 : budget - pass.guard_loss[z];
  }
}

void DualTerms::Curvature(const std::vector<double>& prices, const DualPassResult& pass,
                          double tau_factor, std::vector<double>& curvature) const {
  curvature.resize(size());
  for (size_t i = 0; i < constraints_; ++i) {
    const Row& row = rows_[i];
    curvature[i] = std::max(pass.curvature[i], least_curvature_[i] / tau_factor);
    if (row.kind == ConstraintKind::kLogFairness) {
      curvature[i] += row.price / (prices[i] * prices[i]);
    }
  }
  for (size_t z = 0; z < zones_; ++z) {
    const size_t i = constraints_ + z;
    curvature[i] = std::max({pass.guard_curvature[z], least_curvature_[i] / tau_factor, 1e-300});
  }
}

void DualTerms::Project(const std::vector<double>& curvature, std::vector<double>& prices) const {
  for (size_t i = 0; i < size(); ++i) {
    prices[i] = std::clamp(prices[i], ranges_[i].low, ranges_[i].high);
  }
  if (!max_min_.empty()) ProjectMaxMin(curvature, prices);
}

// Onto {prices >= 0, their sum = weight}: prices - shift / curvature, cut off at 0. The sum falls
// with the shift, which is found by halving.
void DualTerms::ProjectMaxMin(const std::vector<double>& curvature,
                              std::vector<double>& prices) const {
  const double weight = problem_.max_min_weight;
  const auto sum_at = [&](double shift) {
    double sum = 0.0;
    for (const size_t i : max_min_) sum += std::max(0.0, prices[i] - shift / curvature[i]);
    return sum;
  };
  double most = 0.0;
  for (const size_t i : max_min_)
    most = std::max(most, curvature[i] * (std::abs(prices[i]) + weight));
  double low = -most, high = most;
  for (int step = 0; step < 100 && low < high; ++step) {
    const double middle = 0.5 * (low + high);
    (sum_at(middle) > weight ? low : high) = middle;
  }
  double sum = 0.0;
  for (const size_t i : max_min_) {
    prices[i] = std::max(0.0, prices[i] - high / curvature[i]);
    sum += prices[i];
  }
  if (sum <= 0.0) return;
  for (const size_t i : max_min_) prices[i] *= weight / sum;
}

double DualTerms::Slackness(const std::vector<double>& prices, const DualPassResult& pass) const {
  double sum = 0.0;
  for (size_t i = 0; i < constraints_; ++i) {
    const Row& row = rows_[i];
    const double over = pass.activity[i] - row.bound;
    if (row.kind == ConstraintKind::kCap) {
      sum += prices[i] * std::abs(over);
    } else if (row.kind == ConstraintKind::kCommitment) {
      sum += over < 0.0 ? (row.price - prices[i]) * -over : prices[i] * over;
    }
  }
  for (size_t z = 0; z < zones_; ++z) {
    const double price = prices[constraints_ + z];
    if (price > 0.0) {
      sum += price * std::abs(problem_.zones[z].satisfaction_budget - pass.guard_loss[z]);
    }
  }
  return sum;
}

double DualTerms::PlanValue(const std::vector<double>& activity) const {
  double value = 0.0;
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < constraints_; ++i) {
    const Row& row = rows_[i];
    if (row.kind == ConstraintKind::kCommitment) {
      value -= row.price * std::max(0.0, row.bound - activity[i]);
    } else if (row.kind == ConstraintKind::kLogFairness) {
      value += row.price * std::log(kFairnessFloor + activity[i]);
    } else if (row.kind == ConstraintKind::kMaxMinFairness) {
      least = std::min(least, activity[i]);
    }
  }
  if (!max_min_.empty()) value += problem_.max_min_weight * least;
  return value;
}

}  // namespace oasis
