// The steps that prices take.
#ifndef OASIS_ALLOCATION_ASCENT_H_
#define OASIS_ALLOCATION_ASCENT_H_

#include <limits>
#include <vector>

#include "allocation/dual_terms.h"

namespace oasis {

// Accelerated projected gradient in a diagonal metric, with restarts: Nesterov's sequence; momentum
// is dropped when it points against the gradient (O'Donoghue and Candes 2015, "Adaptive restart for
// accelerated gradient schemes") or the dual has risen. The metric is the largest recent diagonal of
// the Hessian, which is at most as many times that as constraints share an edge, but seldom near
// it: how many times it is, is measured along the steps, and the step is the inverse.
class Ascent {
 public:
  // `terms` must outlive it.
  Ascent(const DualTerms& terms, std::vector<double> start);

  // Where the next pass is to look.
  const std::vector<double>& point() const { return point_; }

  // Takes a step from point(), where a pass found `pass`. Returns what the step promises to take
  // off the dual, to first order.
  double Step(const DualPassResult& pass, double tau_factor, double dual);

  // Tau is `ratio` times as large from now on.
  void ScaleTau(double ratio);

 private:
  void MeasureSteepness();

  const DualTerms& terms_;
  std::vector<double> prices_;  // after the last step
  std::vector<double> point_;   // the same with momentum
  std::vector<double> metric_;
  std::vector<double> curvature_, gradient_, next_;
  double momentum_ = 1.0;  // t of Nesterov's sequence
  double steepness_ = 2.0;
  std::vector<double> last_point_, last_gradient_;  // empty: none of this tau
  double last_dual_ = std::numeric_limits<double>::infinity();
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_ASCENT_H_
