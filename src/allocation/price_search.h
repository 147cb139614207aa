// The steps that prices take.
#ifndef OASIS_ALLOCATION_PRICE_SEARCH_H_
#define OASIS_ALLOCATION_PRICE_SEARCH_H_

#include <deque>
#include <vector>

#include "allocation/dual_terms.h"

namespace oasis {

// Projected quasi-Newton: directions are those of L-BFGS (Nocedal 1980, "Updating quasi-Newton
// matrices with limited storage") over the prices that are free to move, from the measured diagonal
// of the Hessian instead of a multiple of the identity; steps are projected onto the allowed
// prices and shortened until the dual falls enough (Bertsekas 1982, "Projected Newton methods").
class PriceSearch {
 public:
  // `terms` must outlive it.
  PriceSearch(const DualTerms& terms, std::vector<double> start);

  // Where the next pass is to look.
  const std::vector<double>& point() const { return trial_; }

  // Takes what a pass found at point(), and moves point() on. Returns what a step along the
  // gradient promises to take off the dual, to first order.
  double Step(const DualPassResult& pass, double tau_factor, double dual);

  // Tau is `ratio` times as large from now on.
  void ScaleTau(double ratio);

 private:
  struct Move {
    std::vector<double> way;   // of prices
    std::vector<double> bend;  // of the gradient
    double inverse_product = 0.0;
  };

  bool Accepts(double dual) const;
  void Accept(double dual);
  void FindFree();
  void Precondition();
  void Remember();
  void FindDirection();
  void KeepInReach();
  void TryStep();
  double Promise();
  double FreeDot(const std::vector<double>& a, const std::vector<double>& b) const;

  const DualTerms& terms_;
  std::vector<double> base_, base_gradient_;    // the best so far
  std::vector<double> trial_, trial_gradient_;  // looked at last, or next
  std::vector<double> metric_;                  // the largest diagonal of late
  std::vector<double> direction_, curvature_, scratch_;
  std::vector<char> free_;
  std::deque<Move> moves_;  // the last ones, oldest first
  double tau_factor_ = 1.0;
  double base_dual_ = 0.0;
  double expected_ = 0.0;  // change of the dual from base to trial, to first order
  double length_ = 1.0;    // of the step, in parts of direction_
  int rejected_ = 0;       // trials since the last base
  bool has_base_ = false;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_PRICE_SEARCH_H_
