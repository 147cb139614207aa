#include "allocation/price_search.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace oasis {
namespace {

constexpr double kMetricDecay = 0.8;
constexpr double kEnough = 1e-4;        // of the promised fall
constexpr double kFlatter = 0.8;        // of the slope, at most, where only the gradient can tell
constexpr double kShorter = 0.35;       // the next trial, after one that was too long
constexpr double kPromiseLength = 0.3;  // of a step along the gradient in the metric
constexpr double kReach = 3.0;          // of a step, see DualTerms::reach

std::vector<double> Difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> difference(a.size());
  for (size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return difference;
}

}  // namespace

PriceSearch::PriceSearch(const AllocationProblem& problem, const DualTerms& terms, Team& team,
                         double tau_factor, std::vector<double> start)
    : terms_(terms),
      tau_factor_(tau_factor),
      model_(problem, team),
      trial_(std::move(start)),
      metric_(terms.size()) {
  terms_.Project(std::vector<double>(terms.size(), 1.0), trial_);
}

double PriceSearch::Step(const DualPassResult& pass, const NotableEdges& notable, double dual) {
  terms_.Gradient(trial_, pass, trial_gradient_);
  terms_.Curvature(trial_, pass, tau_factor_, curvature_);
  for (size_t i = 0; i < metric_.size(); ++i) {
    metric_[i] = std::max(kMetricDecay * metric_[i], curvature_[i]);
  }
  if (has_base_) {
    model_edges_ += notable_;
    model_.Learn(Difference(trial_, base_), Difference(trial_gradient_, base_gradient_));
  }
  if (!has_base_ || Accepts(dual)) {
    Accept(dual);
    FindDirection(notable);
  } else {
    length_ *= kShorter;
  }
  const double promise = Promise();
  TryStep();
  return promise;
}

bool PriceSearch::Accepts(double dual) const {
  if (dual <= base_dual_ + kEnough * expected_) return true;
  if (dual > base_dual_ + kDualNoise * std::abs(base_dual_)) return false;
  double slope = 0.0;
  for (size_t i = 0; i < base_.size(); ++i) slope += trial_gradient_[i] * (trial_[i] - base_[i]);
  return slope <= kFlatter * std::abs(expected_);
}

void PriceSearch::Accept(double dual) {
  base_ = trial_;
  base_gradient_ = trial_gradient_;
  base_dual_ = dual;
  has_base_ = true;
}

void PriceSearch::FindDirection(const NotableEdges& notable) {
  std::vector<double> low(base_.size()), high(base_.size());
  std::vector<uint32_t> rows;  // but those at a bound that the gradient holds there
  for (size_t i = 0; i < base_.size(); ++i) {
    const double reach = kReach * tau_factor_ * terms_.reach()[i];
    low[i] = std::max(terms_.low(i) - base_[i], -reach);
    high[i] = std::min(terms_.high(i) - base_[i], reach);
    const double end = base_gradient_[i] >= 0.0 ? low[i] : high[i];
    if (end != 0.0) rows.push_back(static_cast<uint32_t>(i));
  }
  model_.Set(notable, curvature_, std::move(rows));
  notable_ = static_cast<double>(notable.edge.size());
  model_edges_ += notable_ * model_.Minimise(base_gradient_, low, high, direction_);
  length_ = 1.0;
}

void PriceSearch::TryStep() {
  trial_.resize(base_.size());
  for (size_t i = 0; i < base_.size(); ++i) trial_[i] = base_[i] + length_ * direction_[i];
  terms_.Project(metric_, trial_);
  expected_ = 0.0;
  for (size_t i = 0; i < base_.size(); ++i) {
    expected_ += base_gradient_[i] * (trial_[i] - base_[i]);
  }
}

double PriceSearch::Promise() {
  std::vector<double> next(base_.size());
  for (size_t i = 0; i < base_.size(); ++i) {
    next[i] = base_[i] - kPromiseLength * base_gradient_[i] / metric_[i];
  }
  terms_.Project(metric_, next);
  double promise = 0.0;
  for (size_t i = 0; i < base_.size(); ++i) promise += base_gradient_[i] * (base_[i] - next[i]);
  return promise;
}

}  // namespace oasis
