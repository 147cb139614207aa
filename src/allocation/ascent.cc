#include "allocation/ascent.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace oasis {
namespace {

constexpr double kMetricDecay = 0.95;  // a pass
constexpr double kSteepnessDecay = 0.97;
constexpr double kLeastSteepness = 1.0;

}  // namespace

Ascent::Ascent(const DualTerms& terms, std::vector<double> start)
    : terms_(terms), prices_(std::move(start)), metric_(terms.size()) {
  terms_.Project(std::vector<double>(terms.size(), 1.0), prices_);
  point_ = prices_;
}

double Ascent::Step(const DualPassResult& pass, double tau_factor, double dual) {
  terms_.Gradient(point_, pass, gradient_);
  terms_.Curvature(point_, pass, tau_factor, curvature_);
  for (size_t i = 0; i < metric_.size(); ++i) {
    metric_[i] = std::max(kMetricDecay * metric_[i], curvature_[i]);
  }
  MeasureSteepness();
  const double step = 1.0 / std::max(steepness_, kLeastSteepness);

  next_.resize(point_.size());
  for (size_t i = 0; i < next_.size(); ++i) {
    next_[i] = point_[i] - step * gradient_[i] / metric_[i];
  }
  terms_.Project(metric_, next_);
  double promise = 0.0;
  double against = 0.0;
  for (size_t i = 0; i < next_.size(); ++i) {
    promise += gradient_[i] * (point_[i] - next_[i]);
    against += gradient_[i] * (next_[i] - prices_[i]);
  }
  last_point_ = point_;
  last_gradient_ = gradient_;
  const bool rises = dual > last_dual_;
  last_dual_ = dual;
  if (against > 0.0 || rises) {
    momentum_ = 1.0;
    prices_ = next_;
    point_ = next_;
    return promise;
  }
  const double after = 0.5 * (1.0 + std::sqrt(1.0 + 4.0 * momentum_ * momentum_));
  const double weight = (momentum_ - 1.0) / after;
  momentum_ = after;
  for (size_t i = 0; i < next_.size(); ++i) {
    point_[i] = next_[i] + weight * (next_[i] - prices_[i]);
  }
  std::swap(prices_, next_);
  terms_.Project(metric_, point_);
  return promise;
}

void Ascent::MeasureSteepness() {
  steepness_ *= kSteepnessDecay;
  if (last_point_.empty()) return;
  double rise = 0.0;
  double length = 0.0;
  for (size_t i = 0; i < point_.size(); ++i) {
    const double move = point_[i] - last_point_[i];
    rise += move * (gradient_[i] - last_gradient_[i]);
    length += move * move * metric_[i];
  }
  if (length > 0.0) steepness_ = std::max(steepness_, rise / length);
}

void Ascent::ScaleTau(double ratio) {
  for (double& metric : metric_) metric /= ratio;
  momentum_ = 1.0;
  point_ = prices_;
  last_point_.clear();
  last_dual_ = std::numeric_limits<double>::infinity();
}

}  // namespace oasis
