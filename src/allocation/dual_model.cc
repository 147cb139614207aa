#include "allocation/dual_model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace oasis {
namespace {

constexpr double kDampingDecay = 0.5;
constexpr double kMostDamping = 4.0;  // in parts of the diagonal
constexpr int kMaxProducts = 30;
// Of the slope that is left, in parts of that when prices last met their bounds: one price that is
// far from its end, and so soon at its bound, has most of the slope before.
constexpr double kTolerance = 0.3;

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

void DualModel::Set(const NotableEdges& edges, const std::vector<double>& least,
                    std::vector<uint32_t> rows) {
  rows_ = std::move(rows);
  curvature_.Set(edges, least, rows_);
  damped_ = Taken(damping_);
  diagonal_ = curvature_.diagonal();
  for (size_t i = 0; i < diagonal_.size(); ++i) diagonal_[i] += damped_[i];
}

void DualModel::Learn(const std::vector<double>& step, const std::vector<double>& bend) {
  const std::vector<double> moved = Taken(step);
  std::vector<double> expected;
  curvature_.Multiply(moved, expected);
  for (double& damping : damping_) damping *= kDampingDecay;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (moved[i] == 0.0) continue;
    double& damping = damping_[rows_[i]];
    const double more = (bend[rows_[i]] - expected[i]) / moved[i];
    damping = std::clamp(more, damping, std::max(damping, kMostDamping * curvature_.diagonal()[i]));
  }
}

std::vector<double> DualModel::Taken(const std::vector<double>& all) const {
  std::vector<double> taken;
  taken.reserve(rows_.size());
  for (const uint32_t row : rows_) taken.push_back(all[row]);
  return taken;
}

// Modified proportioning with reduced gradient projections, in the metric of the diagonal.
class DualModel::Descent {
 public:
  Descent(DualModel& model, const std::vector<double>& gradient, const std::vector<double>& low,
          const std::vector<double>& high, std::vector<double>& step)
      : model_(model),
        diagonal_(model.diagonal_),
        length_(1.0 / model.curvature_.most()),
        low_(low),
        high_(high),
        step_(step),
        slope_(gradient),
        free_(gradient.size()),
        bound_(gradient.size()) {
    step_.assign(gradient.size(), 0.0);
  }

  // Returns the products it took.
  int Run() {
    while (products_ < kMaxProducts) {
      const bool leave_bounds = Split();
      if (first_ < 0.0) first_ = left_;
      if (left_ <= kTolerance * kTolerance * first_) break;
      if (leave_bounds) {
        way_ = bound_;
      } else if (way_.empty()) {
        way_ = free_;
      }
      if (!Follow()) break;
      if (leave_bounds) way_.clear();
    }
    return products_;
  }

 private:
  // What goes down, of prices that are free and of those at a bound. Whether the latter have more
  // to gain than a projected step of the former.
  bool Split() {
    double of_free = 0.0, of_bound = 0.0;
    left_ = 0.0;
    for (size_t i = 0; i < step_.size(); ++i) {
      const double down = -slope_[i] / diagonal_[i];
      free_[i] = bound_[i] = 0.0;
      if (AtBound(i)) {
        const double next = std::clamp(step_[i] + down, low_[i], high_[i]);
        if (next != step_[i]) bound_[i] = down;
        of_bound += bound_[i] * bound_[i] * diagonal_[i];
        left_ += bound_[i] * bound_[i] * diagonal_[i];
      } else {
        free_[i] = down;
        of_free += (Projected(i) - step_[i]) / length_ * down * diagonal_[i];
        left_ += down * down * diagonal_[i];
      }
    }
    return of_bound > of_free;
  }

  // To where the model is least on the way, or to the first bound: to that, too, where the model is
  // flat. False where there is no bound either.
  bool Follow() {
    Multiply(way_);
    const double bent = Dot(way_, product_);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double best = bent > 0.0 ? -Dot(slope_, way_) / bent : kInfinity;
    double most = kInfinity;
    for (size_t i = 0; i < step_.size(); ++i) {
      if (way_[i] > 0.0) most = std::min(most, (high_[i] - step_[i]) / way_[i]);
      if (way_[i] < 0.0) most = std::min(most, (low_[i] - step_[i]) / way_[i]);
    }
    const double taken = std::min(best, most);
    if (std::isinf(taken)) return false;
    for (size_t i = 0; i < step_.size(); ++i) {
      step_[i] = std::clamp(step_[i] + taken * way_[i], low_[i], high_[i]);
      slope_[i] += taken * product_[i];
    }
    if (best > most) {
      Project();
    } else {
      TurnWay(bent);
    }
    return true;
  }

  // The next of the conjugate ways.
  void TurnWay(double bent) {
    double along = 0.0;
    for (size_t i = 0; i < step_.size(); ++i) {
      if (free_[i] != 0.0) along += slope_[i] * product_[i] / diagonal_[i];
    }
    for (size_t i = 0; i < step_.size(); ++i) {
      way_[i] = free_[i] == 0.0 ? 0.0 : along / bent * way_[i] - slope_[i] / diagonal_[i];
    }
  }

  // A step of the free prices that cannot rise takes all of them to their bounds that are near.
  void Project() {
    way_.assign(step_.size(), 0.0);
    for (size_t i = 0; i < step_.size(); ++i) {
      if (AtBound(i)) continue;
      const double next = Projected(i);
      way_[i] = next - step_[i];
      step_[i] = next;
    }
    Multiply(way_);
    for (size_t i = 0; i < step_.size(); ++i) slope_[i] += product_[i];
    way_.clear();
    first_ = -1.0;
  }

  bool AtBound(size_t i) const { return step_[i] <= low_[i] || step_[i] >= high_[i]; }
  double Projected(size_t i) const {
    return std::clamp(step_[i] - length_ * slope_[i] / diagonal_[i], low_[i], high_[i]);
  }

  void Multiply(const std::vector<double>& vector) {
    model_.curvature_.Multiply(vector, product_);
    for (size_t i = 0; i < vector.size(); ++i) product_[i] += model_.damped_[i] * vector[i];
    ++products_;
  }

  DualModel& model_;
  const std::vector<double>& diagonal_;
  const double length_;  // of a projected step that cannot rise
  const std::vector<double>& low_;
  const std::vector<double>& high_;
  std::vector<double>& step_;
  std::vector<double> slope_;         // at the step
  std::vector<double> free_, bound_;  // steps down, of one kind of prices each
  std::vector<double> way_;           // conjugate to those before; empty: begin again
  std::vector<double> product_;
  double left_ = 0.0;    // of the slope, squared
  double first_ = -1.0;  // of those since prices last met their bounds; below 0: none yet
  int products_ = 0;
};

int DualModel::Minimise(const std::vector<double>& gradient, const std::vector<double>& low,
                        const std::vector<double>& high, std::vector<double>& step) {
  const std::vector<double> least = Taken(low), most = Taken(high);
  std::vector<double> taken;
  const int products = Descent(*this, Taken(gradient), least, most, taken).Run();
  step.assign(gradient.size(), 0.0);
  for (size_t i = 0; i < rows_.size(); ++i) step[rows_[i]] = taken[i];
  return products;
}

}  // namespace oasis
