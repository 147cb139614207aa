#include "allocation/price_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace oasis {
namespace {

constexpr double kMetricDecay = 0.8;
constexpr size_t kMoves = 30;
constexpr double kEnough = 1e-4;      // of the promised fall
constexpr double kShorter = 0.35;     // the next trial, after one that was too long
constexpr double kFirstLength = 0.3;  // of a step along the gradient in the metric
constexpr double kReach = 3.0;        // of a step, see DualTerms::reach
constexpr int kMaxRejected = 4;       // then the moves are of no use here
constexpr double kDualNoise = 1e-9;   // in parts of the dual: sums of floats

}  // namespace

PriceSearch::PriceSearch(const DualTerms& terms, std::vector<double> start)
    : terms_(terms), trial_(std::move(start)), metric_(terms.size()), free_(terms.size()) {
  terms_.Project(std::vector<double>(terms.size(), 1.0), trial_);
}

double PriceSearch::Step(const DualPassResult& pass, double tau_factor, double dual) {
  tau_factor_ = tau_factor;
  terms_.Gradient(trial_, pass, trial_gradient_);
  terms_.Curvature(trial_, pass, tau_factor, curvature_);
  for (size_t i = 0; i < metric_.size(); ++i) {
    metric_[i] = std::max(kMetricDecay * metric_[i], curvature_[i]);
  }
  if (!has_base_ || Accepts(dual)) {
    Accept(dual);
    FindDirection();
    length_ = moves_.empty() ? kFirstLength : 1.0;
  } else if (++rejected_ > kMaxRejected && !moves_.empty()) {
    moves_.clear();
    FindDirection();
    length_ = kFirstLength;
    rejected_ = 0;
  } else {
    length_ *= kShorter;
  }
  const double promise = Promise();
  TryStep();
  return promise;
}

bool PriceSearch::Accepts(double dual) const {
  return dual <= base_dual_ + kEnough * expected_ + kDualNoise * std::abs(base_dual_);
}

void PriceSearch::Accept(double dual) {
  if (has_base_) Remember();
  base_ = trial_;
  base_gradient_ = trial_gradient_;
  base_dual_ = dual;
  has_base_ = true;
  rejected_ = 0;
}

void PriceSearch::Remember() {
  Move move;
  move.way.resize(base_.size());
  move.bend.resize(base_.size());
  double product = 0.0, way = 0.0;
  for (size_t i = 0; i < base_.size(); ++i) {
    move.way[i] = trial_[i] - base_[i];
    move.bend[i] = trial_gradient_[i] - base_gradient_[i];
    product += move.way[i] * move.bend[i];
    way += move.way[i] * move.way[i] * metric_[i];
  }
  if (!(product > 1e-8 * way)) return;  // no more than noise
  move.inverse_product = 1.0 / product;
  if (moves_.size() == kMoves) moves_.pop_front();
  moves_.push_back(std::move(move));
}

double PriceSearch::FreeDot(const std::vector<double>& a, const std::vector<double>& b) const {
  double sum = 0.0;
  for (size_t i = 0; i < a.size(); ++i) sum += free_[i] != 0 ? a[i] * b[i] : 0.0;
  return sum;
}

// Prices that a step along the gradient leaves at a bound are not free.
void PriceSearch::FindFree() {
  scratch_.resize(base_.size());
  for (size_t i = 0; i < base_.size(); ++i) {
    scratch_[i] = base_[i] - 1e-6 * base_gradient_[i] / metric_[i];
  }
  terms_.Project(metric_, scratch_);
  for (size_t i = 0; i < base_.size(); ++i) {
    free_[i] = static_cast<char>(scratch_[i] != base_[i]);
  }
}

// direction_ from the diagonal alone, made as long as the last move was worth.
void PriceSearch::Precondition() {
  double scale = 1.0;
  if (!moves_.empty()) {
    const Move& last = moves_.back();
    double length = 0.0;
    for (size_t i = 0; i < base_.size(); ++i) length += last.bend[i] * last.bend[i] / metric_[i];
    scale = 1.0 / (last.inverse_product * length);
  }
  for (size_t i = 0; i < direction_.size(); ++i) direction_[i] *= scale / metric_[i];
}

void PriceSearch::FindDirection() {
  FindFree();
  direction_ = base_gradient_;
  std::vector<double> weights(moves_.size());
  for (size_t k = moves_.size(); k-- > 0;) {
    const Move& move = moves_[k];
    weights[k] = move.inverse_product * FreeDot(move.way, direction_);
    for (size_t i = 0; i < direction_.size(); ++i) direction_[i] -= weights[k] * move.bend[i];
  }
  Precondition();
  for (size_t k = 0; k < moves_.size(); ++k) {
    const Move& move = moves_[k];
    const double weight = weights[k] - move.inverse_product * FreeDot(move.bend, direction_);
    for (size_t i = 0; i < direction_.size(); ++i) direction_[i] += weight * move.way[i];
  }
  for (size_t i = 0; i < direction_.size(); ++i) {
    direction_[i] = free_[i] != 0 ? -direction_[i] : 0.0;
  }
  KeepInReach();
  if (FreeDot(direction_, base_gradient_) < 0.0) return;
  moves_.clear();
  for (size_t i = 0; i < direction_.size(); ++i) {
    direction_[i] = free_[i] != 0 ? -base_gradient_[i] / metric_[i] : 0.0;
  }
  KeepInReach();
}

void PriceSearch::KeepInReach() {
  for (size_t i = 0; i < direction_.size(); ++i) {
    const double reach = kReach * tau_factor_ * terms_.reach()[i];
    direction_[i] = std::clamp(direction_[i], -reach, reach);
  }
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
  for (size_t i = 0; i < base_.size(); ++i) {
    scratch_[i] = base_[i] - kFirstLength * base_gradient_[i] / metric_[i];
  }
  terms_.Project(metric_, scratch_);
  double promise = 0.0;
  for (size_t i = 0; i < base_.size(); ++i) {
    promise += base_gradient_[i] * (base_[i] - scratch_[i]);
  }
  return promise;
}

void PriceSearch::ScaleTau(double ratio) {
  for (double& metric : metric_) metric /= ratio;
  moves_.clear();
  trial_ = base_;
  has_base_ = false;
}

}  // namespace oasis
