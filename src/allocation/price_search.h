// The steps that prices take.
#ifndef OASIS_ALLOCATION_PRICE_SEARCH_H_
#define OASIS_ALLOCATION_PRICE_SEARCH_H_

#include <vector>

#include "allocation/dual_model.h"
#include "allocation/dual_terms.h"

namespace oasis {

// Projected quasi-Newton: a step goes to where the DualModel is least among the allowed prices, no
// price further than shares can follow, and is shortened until the dual falls enough (Bertsekas
// 1982, "Projected Newton methods"). Where its fall drowns in the rounding of the dual, the
// gradient decides (Hager, Zhang 2005, "approximate Wolfe conditions").
class PriceSearch {
 public:
  // `problem` and `terms` must outlive it.
  PriceSearch(const AllocationProblem& problem, const DualTerms& terms, std::vector<double> start);

  // Where the next pass is to look.
  const std::vector<double>& point() const { return trial_; }

  // Takes what a pass found at point(), and moves point() on. Returns what a step along the
  // gradient promises to take off the dual, to first order.
  double Step(const DualPassResult& pass, double tau_factor, double dual);

  // Tau is `ratio` times as large from now on.
  void ScaleTau(double ratio);

 private:
  bool Accepts(double dual) const;
  void Accept(double dual);
  void FindDirection();
  void TryStep();
  double Promise();

  const DualTerms& terms_;
  DualModel model_;
  std::vector<double> base_, base_gradient_;    // the best so far
  std::vector<double> trial_, trial_gradient_;  // looked at last, or next
  std::vector<double> metric_;                  // the largest diagonal of late
  std::vector<double> direction_, curvature_;
  double tau_factor_ = 1.0;
  double base_dual_ = 0.0;
  double expected_ = 0.0;  // change of the dual from base to trial, to first order
  double length_ = 1.0;    // of the step, in parts of direction_
  int rejected_ = 0;       // trials since the last base
  bool has_base_ = false;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_PRICE_SEARCH_H_
